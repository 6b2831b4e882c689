/* A glance at a block of lines: what `connectors/bytescan/glance.py` finds in numpy, pass by pass, found here line by line.

   No Python in here: called through ctypes, so that a C compiler alone builds it. The numpy form is the definition; the
   two give the same arrays, byte for byte (tests/connectors/test_compiled_glance.py). Nothing is written outside the
   arrays that the caller hands over, and nothing is read outside the block. */

#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(CLONES)
#define HOT __attribute__((target_clones("avx2", "default")))
#else
#define HOT
#endif

#define INLINE static inline __attribute__((always_inline))
#if defined(CLONES) && defined(__x86_64__)
#include <immintrin.h>
#define WIDE __attribute__((target("avx2,bmi,popcnt")))
#endif

#define WORD 8
#define WIDEST 4096
#define SMALLEST 64
#define ODD 0x9E3779B97F4A7C15ull
#define SPREAD_1 0xD6E8FEB86659FD93ull
#define SPREAD_2 0xA0761D6478BD642Full
#define LAST_LETTERS 8
#define FIRST_LETTERS 4
#define PARTS 3
#define AMONG 3
#define FEW 4
#define MOST_COLUMNS 256
#define UNSURE 1            /* the key of a text that has none of its own; 0: of an empty one */
#define RESERVED 2
#define DIGITS 12           /* of a national identification */
#define TOGETHER 32         /* lines between asking for what a sieve holds, and looking at it */
#define PARTED 1024
#define PARTED_SHIFT 54
#define TABLE 8192          /* slots, of which half may be taken */
#define TABLE_SHIFT 51
#define LONGEST_NAME 250    /* bytes of last and first name together, which a cell within sight never has */

typedef const uint8_t *Bytes;

/* A Bloom filter, a bit for each slot. */
typedef struct {
    Bytes bits;
    int64_t shift;
} Sieve;

/* Texts one behind the other, and a table of where each is: a slot holds 1 + its index, or 0. */
typedef struct {
    Bytes texts;
    const int64_t *ends;
    int32_t *slots;         /* none: nothing is certain of these texts */
    int64_t mask;
} Exact;

/* A column in which one of the texts in a sieve may stand. */
typedef struct {
    int64_t column;
    int64_t empty_too;
    Sieve sieve;
    Exact exact;
} Among;

typedef struct {
    int64_t delimiters;     /* of a row */
    int64_t trailing;       /* whether a row ends with one */
    int64_t columns;        /* how many cells are to be found, from the left */
    int64_t tests;          /* how many of `among` */
    Among among[AMONG];
    int64_t names;          /* whether names are looked for */
    int64_t last_name;
    int64_t first_name;
    Sieve name;
    Exact exact_names;      /* « last|first », as `name_bytes` makes them */
    int64_t keyed;          /* how many of `keyed_columns` */
    int64_t keyed_columns[AMONG];
    int64_t keyed_names;    /* whether a key of each name is to be found, whoever is looked for */
    const uint64_t *weights;
    Bytes letters;          /* of a byte: its small letter, « | », or 0 */
    Bytes separates;        /* of a byte: whether it may stand within a name */
    const uint32_t *folded; /* of U+0080 to U+017F: up to three letters, then how many; more than three: not known */
} Rules;

static inline uint64_t word_at(Bytes block, int64_t place) {
    uint64_t word;
    memcpy(&word, block + place, WORD);
    return word;
}

/* As numpy's `words_at`: a place too near the end gives the last eight bytes. */
static inline uint64_t word_within(Bytes block, int64_t size, int64_t place) {
    return word_at(block, place < size - WORD ? place : size - WORD);
}

static inline int holds(const Sieve *sieve, uint64_t key) {
    uint64_t slot = key * SPREAD_1 >> sieve->shift;
    if (!(sieve->bits[slot >> 3] >> (slot & 7) & 1)) return 0;
    slot = key * SPREAD_2 >> sieve->shift;
    return sieve->bits[slot >> 3] >> (slot & 7) & 1;
}

/* Has the slots of a key brought into the cache, beside other work. */
static inline void come(const Sieve *sieve, uint64_t key) {
    __builtin_prefetch(sieve->bits + (key * SPREAD_1 >> sieve->shift >> 3));
    __builtin_prefetch(sieve->bits + (key * SPREAD_2 >> sieve->shift >> 3));
}

static inline uint64_t slot_of(Bytes text, int64_t length) {
    uint64_t hash = ODD ^ (uint64_t)length;
    for (int64_t at = 0; at < length; at++) hash = (hash ^ text[at]) * 0x100000001B3ull;
    return hash ^ hash >> 29;
}

/* Puts so many texts into their table, which is empty and has room. */
void efit_fill(const Exact *exact, int64_t count) {
    for (int64_t text = 0, start = 0; text < count; start = exact->ends[text++]) {
        uint64_t slot = slot_of(exact->texts + start, exact->ends[text] - start) & (uint64_t)exact->mask;
        while (exact->slots[slot]) slot = (slot + 1) & (uint64_t)exact->mask;
        exact->slots[slot] = (int32_t)text + 1;
    }
}

static int has(const Exact *exact, Bytes text, int64_t length) {
    uint64_t slot = slot_of(text, length) & (uint64_t)exact->mask;
    for (int32_t one; (one = exact->slots[slot]) != 0; slot = (slot + 1) & (uint64_t)exact->mask) {
        int64_t start = one > 1 ? exact->ends[one - 2] : 0;
        if (exact->ends[one - 1] - start == length && !memcmp(exact->texts + start, text, (size_t)length)) return 1;
    }
    return 0;
}

/* A bit for each of 64 bytes: whether it is this one. */
typedef uint64_t (*Same)(Bytes, uint8_t);

INLINE uint64_t same_of_64(Bytes text, uint8_t byte) {
#if defined(__SSE2__)
    const __m128i wanted = _mm_set1_epi8((char)byte);
    uint64_t found = 0;
    for (int part = 0; part < 4; part++) {
        __m128i some = _mm_loadu_si128((const __m128i *)(text + 16 * part));
        found |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(some, wanted)) << (16 * part);
    }
    return found;
#else
    uint64_t found = 0;
    for (int at = 0; at < 64; at++) found |= (uint64_t)(text[at] == byte) << at;
    return found;
#endif
}

#if defined(WIDE)
WIDE INLINE uint64_t same_of_64_wide(Bytes text, uint8_t byte) {
    const __m256i wanted = _mm256_set1_epi8((char)byte);
    __m256i low = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)text), wanted);
    __m256i high = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(text + 32)), wanted);
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}
#endif

/* The same of fewer than 64 bytes, behind which there may be no more. */
static inline uint64_t same_of_rest(Bytes text, int64_t length, uint8_t byte) {
    uint64_t found = 0;
    for (int64_t at = 0; at < length; at++) found |= (uint64_t)(text[at] == byte) << at;
    return found;
}

/* How often a byte stands in a block; `besides`: whether another one does. */
INLINE int64_t count_by(Bytes block, int64_t size, int64_t byte, int64_t other, uint8_t *besides, Same same) {
    int64_t found = 0, at = 0;
    uint64_t others = 0;
    for (; at + 64 <= size; at += 64) {
        found += __builtin_popcountll(same(block + at, (uint8_t)byte));
        others |= same(block + at, (uint8_t)other);
    }
    *besides = (others | same_of_rest(block + at, size - at, (uint8_t)other)) != 0;
    return found + __builtin_popcountll(same_of_rest(block + at, size - at, (uint8_t)byte));
}

/* A bit for each of 64 bytes: line ends, delimiters, bytes beyond ASCII. */
typedef struct {
    uint64_t ends;
    uint64_t bars;
    uint64_t high;
} Seen;

/* The same of those beyond ASCII: what leads a sequence, and what leads no sequence of two bytes. */
typedef struct {
    uint64_t leads;
    uint64_t longer;
} Leads;

typedef void (*See)(Bytes, Seen *);
typedef void (*SeeLeads)(Bytes, Leads *);

INLINE void see_any(Bytes text, Seen *seen) {
    seen->ends = same_of_64(text, '\n');
    seen->bars = same_of_64(text, '|');
    seen->high = 0;
    for (int part = 0; part < 8; part++) {
        const uint64_t word = (word_at(text, 8 * part) & 0x8080808080808080ull) >> 7;
        seen->high |= (word * 0x0102040810204080ull >> 56) << (8 * part);
    }
}

INLINE void leads_any(Bytes text, Leads *found) {
    found->leads = found->longer = 0;
    for (int at = 0; at < 64; at++) {
        found->leads |= (uint64_t)(text[at] >= 0xC0) << at;
        found->longer |= (uint64_t)(text[at] >= 0xE0 || (text[at] & 0xFE) == 0xC0) << at;
    }
}

#if defined(WIDE)
#define MASK(some) ((uint64_t)(uint32_t)_mm256_movemask_epi8(some))
#define BOTH(low, high) (MASK(low) | MASK(high) << 32)

WIDE INLINE void see_wide(Bytes text, Seen *seen) {
    const __m256i low = _mm256_loadu_si256((const __m256i *)text);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(text + 32));
    const __m256i end = _mm256_set1_epi8('\n'), bar = _mm256_set1_epi8('|');
    seen->ends = BOTH(_mm256_cmpeq_epi8(low, end), _mm256_cmpeq_epi8(high, end));
    seen->bars = BOTH(_mm256_cmpeq_epi8(low, bar), _mm256_cmpeq_epi8(high, bar));
    seen->high = BOTH(low, high);
}

WIDE INLINE void leads_wide(Bytes text, Leads *found) {
    const __m256i low = _mm256_loadu_si256((const __m256i *)text);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(text + 32));
    const __m256i never = _mm256_set1_epi8((char)0xC0), but_last = _mm256_set1_epi8((char)0xFE);
    /* The second and the third bit of each byte, put where a mask looks for the first. */
    found->leads = BOTH(low, high) & BOTH(_mm256_slli_epi16(low, 1), _mm256_slli_epi16(high, 1));
    found->longer = found->leads & BOTH(_mm256_slli_epi16(low, 2), _mm256_slli_epi16(high, 2));
    found->longer |= BOTH(_mm256_cmpeq_epi8(_mm256_and_si256(low, but_last), never),
                          _mm256_cmpeq_epi8(_mm256_and_si256(high, but_last), never));
}
#endif

#define EACH(byte) (0x0101010101010101ull * (byte))

/* The number that eight digits are; anything else gives anything. */
static inline uint64_t eight_digits(uint64_t word) {
    word = (word & EACH(0x0F)) * 2561 >> 8;
    word = (word & 0x00FF00FF00FF00FFull) * 6553601 >> 16;
    return (word & 0x0000FFFF0000FFFFull) * 42949672960001ull >> 32;
}

static inline int are_digits(uint64_t word) {
    return (word & EACH(0xF0)) == EACH('0') && ((word + EACH(6)) & EACH(0xF0)) == EACH('0');
}

/* The number that a text is, where it is one of twelve digits that begins with no 0; else 0. */
static inline int64_t number_of(Bytes text, int64_t length) {
    if (length != DIGITS || text[0] == '0') return 0;
    const uint64_t first = word_at(text, 0), last = word_at(text, DIGITS - WORD);
    if (!are_digits(first) || !are_digits(last)) return 0;
    return (int64_t)(eight_digits(first) * 10000 + eight_digits(last) % 10000);
}

/* The letters with which eight bytes begin, in lower case, a « | » behind them included; how many they are. */
static inline uint64_t letters_of(uint64_t word, int *count) {
    const uint64_t small = (word & EACH(0x7F)) | EACH(0x20);
    const uint64_t others = ~((small + EACH(0x80 - 'a')) & ~(small + EACH(0x7F - 'z')) & ~word) & EACH(0x80);
    *count = others ? __builtin_ctzll(others) >> 3 : WORD;
    if (*count == WORD) return small;
    const uint64_t first = (1ull << (8 * *count)) - 1;
    if ((uint8_t)(word >> (8 * *count)) != '|') return small & first;
    return (small & first) | (uint64_t)'|' << (8 * (*count)++);
}

/* Up to `most` letters from a place on: see `first_letters` in marks.py. */
static inline uint64_t first_letters(Bytes block, int64_t size, int64_t place, int most, const Rules *rules) {
    uint64_t letters = 0;
    int count = 0;
    for (int part = 0; part <= PARTS; part++) {
        int taken;
        const uint64_t more = letters_of(word_within(block, size, place), &taken);
        if (count < WORD) letters |= more << (8 * count);
        count += taken;
        place += taken;
        if (count >= most || (taken && more >> (8 * (taken - 1)) == '|')) break;
        if (!rules->separates[block[place < size - 1 ? place : size - 1]]) break;
        place++;
    }
    return most < WORD ? letters & ((1ull << (8 * most)) - 1) : letters;
}

INLINE uint64_t folded(Bytes text, int64_t width, const uint64_t *weights) {
    uint64_t sum = 0;
    for (int64_t at = 0; at < width / WORD; at++) {
        uint64_t word;
        memcpy(&word, text + at * WORD, WORD);
        sum += (word ^ (word >> 32)) * weights[at];
    }
    return sum;
}

/* 64 bits of a line: see `line_hashes` in marks.py; of those shorter than a word, and of the longest, what is known of
   their length. */
INLINE uint64_t hash_of(Bytes line, int64_t length, const uint64_t *weights) {
    const uint64_t hash = (uint64_t)length * ODD;
    if (length < WORD || length >= 2 * WIDEST) return hash;
    int64_t width = WORD;
    while (2 * width <= length) width *= 2;
    return hash + folded(line, width, weights) + folded(line + length - width, width, weights + WIDEST / WORD);
}

#define HIGH 1
#define CONTINUES 2
#define ODDLY 4

/* What is found of a line in one pass over its bytes: where it ends (`size` where it does not), how many delimiters it
   has, and behind the first `most` of them `places[1]`, `places[2]`…; `kinds`: whether anything is beyond ASCII,
   whether there are continuations, and whether anything else is there than leads of two bytes, each with one
   continuation, which is all that French text has. */
typedef struct {
    int64_t end;
    int64_t bars;
    uint8_t kinds;
} Line;

INLINE Line line_at(Bytes block, int64_t size, int64_t start, int64_t *places, int64_t most, See see, SeeLeads leads) {
    Line line = {size, 0, 0};
    uint64_t lead = 0;
    uint8_t last[64];
    for (int64_t at = start; at < size; at += 64) {
        Bytes text = block + at;
        if (at + 64 > size) {
            memset(last, 0, sizeof last);
            text = memcpy(last, text, (size_t)(size - at));
        }
        Seen seen;
        see(text, &seen);
        const uint64_t within = seen.ends ^ (seen.ends - 1); /* all, where it does not end here */
        const uint64_t bars = seen.bars & within, high = seen.high & within;
        int64_t count = line.bars;
        for (uint64_t some = bars; some && count < most; some &= some - 1)
            places[++count] = at + __builtin_ctzll(some) + 1;
        line.bars += __builtin_popcountll(bars);
        if (high | lead) {
            Leads found;
            leads(text, &found);
            const uint64_t begun = found.leads & within, continued = high & ~begun;
            const uint64_t odd = ((begun << 1 | lead) ^ continued) | (found.longer & within);
            line.kinds |= (uint8_t)((high ? HIGH : 0) | (continued ? CONTINUES : 0) | (odd ? ODDLY : 0));
            lead = begun >> 63;
        }
        if (seen.ends) {
            line.end = at + __builtin_ctzll(seen.ends);
            return line;
        }
    }
    return line;
}

/* The type, the identifier, and both again as the national identification: see `_agrees` in glance.py. */
static int agrees(Bytes block, int64_t size, const int64_t *starts) {
    int64_t kind = starts[0], identifier = starts[1], national = starts[2], end = starts[3];
    int64_t length = end - national - 2;
    return identifier - kind == 2 && national - identifier == length + 1 && length >= WORD && length <= 2 * WORD &&
           block[kind] == block[national] &&
           word_within(block, size, identifier) == word_within(block, size, national + 1) &&
           word_within(block, size, national - 1 - WORD) == word_within(block, size, end - 1 - WORD);
}

static inline uint64_t text_key(Bytes block, int64_t size, int64_t from, int64_t until) {
    return (word_within(block, size, from) * ODD) ^ (word_within(block, size, until - WORD) + (uint64_t)(until - from));
}

/* As `short_keys` in marks.py. */
static inline uint32_t short_key(uint64_t key) {
    uint32_t found = (uint32_t)(key * SPREAD_2 >> 32);
    return found < RESERVED ? found + RESERVED : found;
}

static uint64_t name_key(Bytes block, int64_t size, int64_t last, int64_t first, const Rules *rules) {
    uint64_t key = first_letters(block, size, last, LAST_LETTERS, rules) * SPREAD_1;
    return key ^ first_letters(block, size, first, FIRST_LETTERS, rules);
}

/* Letters and digits of a cell in lower case, without accents, behind what is there: `name_bytes` in Python; -1 where
   not all of it is as `is_certain` says, or they are too many. */
static int64_t plain_name(Bytes block, int64_t from, int64_t until, const uint32_t *folded, uint8_t *name,
                          int64_t there) {
    for (; from < until; from++) {
        uint8_t byte = block[from];
        if (there >= LONGEST_NAME) return -1;
        if (byte >= 0x80) {
            const int continued = from + 1 < until && (block[from + 1] & 0xC0) == 0x80;
            uint32_t letter = byte; /* alone: Windows-1252, which from A0 on counts as Unicode does */
            if (byte >= 0xC2 && byte < 0xF5 && continued) {
                if (byte > 0xC5) return -1;
                letter = (byte & 0x1Fu) << 6 | (block[++from] & 0x3F);
            } else if (byte < 0xA0) return -1;
            uint32_t letters = folded[letter - 0x80];
            if (letters >> 24 > 3) return -1;
            for (uint32_t count = letters >> 24; count; count--, letters >>= 8) name[there++] = (uint8_t)letters;
            continue;
        }
        if (byte >= 'A' && byte <= 'Z') byte += 'a' - 'A';
        if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) name[there++] = byte;
    }
    return there;
}

/* 1: of this name somebody is looked for; 0: of this name nobody; -1: that is left to the caller. */
static int is_named(Bytes block, const int64_t *places, const Rules *rules) {
    uint8_t name[LONGEST_NAME + WORD];
    if (!rules->exact_names.slots) return -1;
    int64_t last = rules->last_name, first = rules->first_name;
    int64_t length = plain_name(block, places[last], places[last + 1] - 1, rules->folded, name, 0);
    if (length < 0) return -1;
    name[length] = '|';
    length = plain_name(block, places[first], places[first + 1] - 1, rules->folded, name, length + 1);
    return length < 0 ? -1 : has(&rules->exact_names, name, length);
}

/* Whether a line is as wide as it has to be, and its cells are within sight. */
INLINE int is_right(Bytes block, int64_t start, const Line *line, const Rules *rules, const int64_t *places) {
    const int64_t columns = rules->columns;
    if (line->bars != rules->delimiters) return 0;
    if (rules->trailing && (line->end == start || block[line->end - 1] != '|')) return 0;
    /* numpy sees so many bytes from a place on; where no delimiter is among them it doubts, and so do we. */
    int64_t sight = (start & ~7ll) + 64;
    for (int64_t column = 1; column < columns; column++) {
        if (places[column] > sight) {
            sight = (places[column - 1] & ~7ll) + 64;
            if (places[column] > sight) return 0;
        }
    }
    return 1;
}

/* What is asked of a line a little later, when what it needs of the sieves has come into the cache. */
typedef struct {
    uint64_t texts[AMONG];
    uint64_t name;
    int late;               /* its names stand too near the end of the block */
} Asked;

INLINE void ask(Bytes block, int64_t size, const int64_t *places, const Rules *rules, Asked *asked) {
    for (int64_t test = 0; test < rules->tests; test++) {
        const Among *among = &rules->among[test];
        int64_t from = places[among->column], until = places[among->column + 1] - 1;
        if (until - from < WORD) continue;
        asked->texts[test] = text_key(block, size, from, until);
        come(&among->sieve, asked->texts[test]);
    }
    if (!rules->keyed_names && !rules->names) return;
    int64_t last = places[rules->last_name], first = places[rules->first_name];
    asked->late = (last > first ? last : first) > size - SMALLEST;
    asked->name = asked->late ? 0 : name_key(block, size, last, first, rules);
    if (rules->names && !asked->late) come(&rules->name, asked->name);
}

/* 1: of somebody looked for; 0: of nobody; -1: that is left to the caller. */
INLINE int is_wanted(Bytes block, const int64_t *places, const Rules *rules, const Asked *asked) {
    int doubts = 0;
    for (int64_t test = 0; test < rules->tests; test++) {
        const Among *among = &rules->among[test];
        int64_t from = places[among->column], length = places[among->column + 1] - 1 - from;
        int perhaps = length < WORD ? length > 0 || among->empty_too : holds(&among->sieve, asked->texts[test]);
        if (perhaps && !among->exact.slots) doubts = 1;
        else if (perhaps && has(&among->exact, block + from, length)) return 1;
    }
    if (rules->names && (asked->late || holds(&rules->name, asked->name))) {
        int named = is_named(block, places, rules);
        if (named > 0) return 1;
        if (named < 0) doubts = 1;
    }
    return -doubts;
}

/* What is found of all lines of a block. `room`: for how many lines there is some; how long each row of `keys` and of
   `cells` is. */
typedef struct {
    int64_t room;
    int64_t *starts;
    int64_t *ends;
    uint64_t *hashes;
    uint8_t *kinds;
    uint8_t *doubtful;      /* to be read one by one */
    uint8_t *plain;         /* those that have keys */
    uint8_t *wanted;        /* rows of somebody looked for */
    uint32_t *keys;         /* a row for each column that has keys, and of the names */
    int64_t *numbers;       /* that the national identification of a plain line is */
    int64_t *cells;         /* if any: a row for each column; of a doubtful line its start, or what was found */
    int64_t encoding;       /* 1: all is UTF-8. 0: it is not, and every accent stands alone: `strays` says in which
                               lines. 2: but for the few lines that `strays` says. -1: left to the caller */
    uint8_t *strays;
    int64_t bare;           /* how many lines have a hash of their length alone */
} Found;

INLINE void keys_of(Bytes block, int64_t size, const int64_t *here, const Rules *rules, const Asked *asked, Found *found,
                    int64_t line) {
    for (int64_t row = 0; row < rules->keyed; row++) {
        int64_t from = here[rules->keyed_columns[row]], end = here[rules->keyed_columns[row] + 1] - 1;
        uint32_t key = end - from < WORD ? end > from : short_key(text_key(block, size, from, end));
        found->keys[row * found->room + line] = key;
    }
    if (rules->keyed_names)
        found->keys[rules->keyed * found->room + line] = asked->late ? UNSURE : short_key(asked->name);
    if (rules->keyed || rules->keyed_names) found->numbers[line] = number_of(block + here[2], here[3] - 1 - here[2]);
}

/* Looks at all lines of a block, as far as there is room; gives how many there are. */
INLINE int64_t look_by(Bytes block, int64_t size, const Rules *rules, Found *found, See see, SeeLeads leads) {
    int64_t places[TOGETHER * MOST_COLUMNS];
    Asked asked[TOGETHER];
    const int64_t columns = rules->columns;
    int64_t start = 0, lines = 0;
    while (start < size && lines < found->room) {
        const int64_t begun = lines;
        for (; start < size && lines < found->room && lines < begun + TOGETHER; lines++) {
            int64_t *here = places + (lines - begun) * columns;
            here[0] = start;
            const Line line = line_at(block, size, start, here, columns - 1, see, leads);
            if (line.end == size) {
                start = size;
                break;
            }
            found->starts[lines] = start;
            found->ends[lines] = line.end;
            found->kinds[lines] = line.kinds;
            found->hashes[lines] = hash_of(block + start, line.end - start, rules->weights);
            found->bare += line.end - start < WORD || line.end - start >= 2 * WIDEST;
            const int right = is_right(block, start, &line, rules, here);
            found->plain[lines] = (uint8_t)(right && agrees(block, size, here));
            for (int64_t column = 0; found->cells && column < columns; column++)
                found->cells[column * found->room + lines] = right ? here[column] : start;
            start = line.end + 1;
            if (!found->plain[lines]) continue;
            ask(block, size, here, rules, &asked[lines - begun]);
            keys_of(block, size, here, rules, &asked[lines - begun], found, lines);
        }
        for (int64_t line = begun; line < lines; line++) {
            const int64_t *here = places + (line - begun) * columns;
            int sure = found->plain[line] ? is_wanted(block, here, rules, &asked[line - begun]) : -1;
            found->doubtful[line] = sure < 0;
            found->wanted[line] = sure > 0;
        }
    }
    return lines;
}

/* How many different numbers there are; -1 where they are not spread out as those of lines are, or too many. They are
   put into another order: parted by their highest bits, so that those that may be equal lie together, and then looked for in a table that the processor's cache holds. */
HOT int64_t efit_different(uint64_t *numbers, int64_t count) {
    int64_t begins[PARTED + 1] = {0}, at[PARTED];
    uint64_t table[TABLE];
    for (int64_t one = 0; one < count; one++) begins[(numbers[one] >> PARTED_SHIFT) + 1]++;
    for (int64_t part = 0; part < PARTED; part++) {
        begins[part + 1] += begins[part];
        at[part] = begins[part];
    }
    for (int64_t part = 0; part < PARTED; part++)
        while (at[part] < begins[part + 1]) {
            uint64_t number = numbers[at[part]];
            for (uint64_t other; (other = number >> PARTED_SHIFT) != (uint64_t)part;) {
                uint64_t there = numbers[at[other]];
                numbers[at[other]++] = number;
                number = there;
            }
            numbers[at[part]++] = number;
        }
    int64_t different = 0;
    for (int64_t part = 0; part < PARTED; part++) {
        const int64_t many = begins[part + 1] - begins[part];
        if (2 * many > TABLE) return -1;
        int zero = 0;
        memset(table, 0, sizeof table);
        for (int64_t one = begins[part]; one < begins[part + 1]; one++) {
            const uint64_t number = numbers[one];
            uint64_t slot = number * SPREAD_1 >> TABLE_SHIFT;
            while (table[slot] && table[slot] != number) slot = (slot + 1) & (TABLE - 1);
            different += number ? !table[slot] : !zero;
            zero |= !number;
            table[slot] = number;
        }
    }
    return different;
}

/* `number_of` each text. */
void efit_numbers(Bytes block, int64_t size, const int64_t *starts, const int64_t *ends, int64_t lines,
                  int64_t *numbers) {
    for (int64_t line = 0; line < lines; line++) {
        const int inside = starts[line] >= 0 && ends[line] <= size;
        numbers[line] = inside ? number_of(block + starts[line], ends[line] - starts[line]) : 0;
    }
}

/* Whether all is UTF-8, as Python decodes it. */
static int is_utf8(Bytes block, int64_t size) {
    int64_t at = 0;
    while (at < size) {
        while (at + WORD <= size && !(word_at(block, at) & 0x8080808080808080ull)) at += WORD;
        if (at >= size) break;
        uint8_t lead = block[at++];
        if (lead < 0x80) continue;
        int more = lead >= 0xC2 && lead < 0xE0 ? 1 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xF0 && lead < 0xF5 ? 3 : 0;
        if (!more || at + more > size) return 0;
        uint8_t least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        uint8_t most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (block[at] < least || block[at] > most) return 0;
        for (int64_t end = at++ + more; at < end; at++)
            if (block[at] < 0x80 || block[at] > 0xBF) return 0;
    }
    return 1;
}

/* Which lines are not UTF-8, told from what each of them holds: most need no closer look. */
static void encode(Bytes block, int64_t lines, Found *found) {
    uint8_t kinds = 0, few = 0;
    for (int64_t line = 0; line < lines; line++) kinds |= found->kinds[line];
    found->encoding = 1;
    if (!(kinds & ODDLY)) return;
    if (!(kinds & CONTINUES)) {
        for (int64_t line = 0; line < lines; line++) found->strays[line] = found->kinds[line] & HIGH;
        found->encoding = 0;
        return;
    }
    for (int64_t line = 0; line < lines; line++) {
        const int64_t start = found->starts[line];
        found->strays[line] = found->kinds[line] & ODDLY && !is_utf8(block + start, found->ends[line] - start);
        few += found->strays[line];
        if (few == FEW) {
            found->encoding = -1;
            return;
        }
    }
    if (few) found->encoding = 2;
}

#define COUNTED (Bytes block, int64_t size, int64_t byte, int64_t other, uint8_t *besides)
#define LOOKED (Bytes block, int64_t size, const Rules *rules, Found *found)
#define FORMS(to, form, same)                                                                                       \
    to static int64_t count_##form COUNTED { return count_by(block, size, byte, other, besides, same); }            \
    to static int64_t look_##form LOOKED { return look_by(block, size, rules, found, see_##form, leads_##form); }

FORMS(, any, same_of_64)
#if defined(WIDE)
FORMS(WIDE, wide, same_of_64_wide)
#define EITHER(name) (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") ? name##_wide : name##_any)
#else
#define EITHER(name) name##_any
#endif

int64_t efit_count COUNTED { return EITHER(count)(block, size, byte, other, besides); }

int64_t efit_look LOOKED {
    const int64_t lines = EITHER(look)(block, size, rules, found);
    encode(block, lines, found);
    return lines;
}
