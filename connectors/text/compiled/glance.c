/* A glance at a block of lines: what `connectors/text/glance.py` finds in numpy, pass by pass, found here line by line.

   No Python in here: called through ctypes, so that a C compiler alone builds it. The numpy form is the definition; the
   two give the same arrays, byte for byte (tests/connectors/test_compiled_glance.py). Nothing is written outside the
   arrays that the caller hands over, and nothing is read outside the block. */

#include <stdint.h>
#include <string.h>

#if defined(CLONES)
#define HOT __attribute__((target_clones("avx2", "default")))
#else
#define HOT
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

typedef const uint8_t *Bytes;

/* A Bloom filter, a bit for each slot. */
typedef struct {
    Bytes bits;
    int64_t shift;
} Sieve;

/* A column in which one of the texts in a sieve may stand. */
typedef struct {
    int64_t column;
    int64_t empty_too;
    Sieve sieve;
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
    const uint64_t *weights;
    Bytes letters;          /* of a byte: its small letter, « | », or 0 */
    Bytes separates;        /* of a byte: whether it may stand within a name */
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

HOT int64_t efit_count(Bytes block, int64_t size, int64_t byte) {
    int64_t found = 0, at = 0;
    while (at < size) {
        int64_t end = at + 255 * 32 < size ? at + 255 * 32 : size;
        int64_t part = 0;
        for (; at < end; at++) part += block[at] == (uint8_t)byte;
        found += part;
    }
    return found;
}

/* Where each byte of a kind is; the caller has counted them. */
HOT void efit_places(Bytes block, int64_t size, int64_t byte, int64_t *places) {
    Bytes at = block, end = block + size;
    while (at < end && (at = memchr(at, (int)byte, (size_t)(end - at)))) *places++ = at++ - block;
}

/* Up to `most` letters from a place on: see `first_letters` in marks.py. */
static uint64_t first_letters(Bytes block, int64_t size, int64_t place, int most, const Rules *rules) {
    uint64_t letters = 0;
    int count = 0;
    for (int part = 0; part <= PARTS; part++) {
        int64_t from = place < size - WORD ? place : size - WORD;
        int taken = 0;
        while (taken < WORD) {
            uint8_t letter = rules->letters[block[from + taken]];
            if (!letter) break;
            if (count + taken < WORD) letters |= (uint64_t)letter << (8 * (count + taken));
            taken++;
            if (letter == '|') break;
        }
        count += taken;
        place += taken;
        if (count >= most) break;
        if (!rules->separates[block[place < size - 1 ? place : size - 1]]) break;
        place++;
    }
    return most < WORD ? letters & ((1ull << (8 * most)) - 1) : letters;
}

HOT static uint64_t folded(Bytes text, int64_t width, const uint64_t *weights) {
    uint64_t sum = 0;
    for (int64_t at = 0; at < width / WORD; at++) {
        uint64_t word;
        memcpy(&word, text + at * WORD, WORD);
        sum += (word ^ (word >> 32)) * weights[at];
    }
    return sum;
}

/* 64 bits of each line: see `line_hashes` in marks.py. Gives how many lines are left to the caller, their places in
   `others`: those shorter than a word, and the longest. */
int64_t efit_hashes(Bytes block, const int64_t *starts, const int64_t *ends, int64_t lines, const uint64_t *weights,
                    uint64_t *hashes, int64_t *others) {
    int64_t left = 0;
    for (int64_t line = 0; line < lines; line++) {
        int64_t length = ends[line] - starts[line];
        hashes[line] = (uint64_t)length * ODD;
        if (length < WORD || length >= 2 * WIDEST) {
            others[left++] = line;
            continue;
        }
        int64_t width = WORD;
        while (2 * width <= length) width *= 2;
        hashes[line] += folded(block + starts[line], width, weights);
        hashes[line] += folded(block + ends[line] - width, width, weights + WIDEST / WORD);
    }
    return left;
}

HOT static int64_t delimiters_in(Bytes text, int64_t length) {
    int64_t found = 0, at = 0;
    while (at < length) {
        int64_t end = at + 224 < length ? at + 224 : length;
        uint8_t part = 0; /* no more than 224 */
        for (; at < end; at++) part += text[at] == '|';
        found += part;
    }
    return found;
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

/* Which lines are to be read one by one. `cells`: a row of `lines` places for each column; of a doubtful line, zeros or
   what was found. */
void efit_doubts(Bytes block, int64_t size, const int64_t *ends, int64_t lines, const Rules *rules, int64_t *cells,
                 uint8_t *doubtful) {
    int64_t places[256];
    int64_t start = 0;
    for (int64_t line = 0; line < lines; start = ends[line] + 1, line++) {
        int64_t end = ends[line];
        doubtful[line] = 1;
        for (int64_t column = 0; column < rules->columns; column++) cells[column * lines + line] = start;
        if (delimiters_in(block + start, end - start) != rules->delimiters) continue;
        if (rules->trailing && (end == start || block[end - 1] != '|')) continue;
        /* numpy sees so many bytes from a place on; where no delimiter is among them it doubts, and so do we. */
        int64_t at = start, sight = (start & ~7ll) + 64, column = 0;
        for (places[0] = start;;) {
            if (++column >= rules->columns) break;
            int64_t cell = at;
            while (block[at] != '|') at++;
            if (at >= sight) {
                sight = (cell & ~7ll) + 64;
                if (at >= sight) break;
            }
            places[column] = ++at;
        }
        if (column < rules->columns) continue;
        for (column = 1; column < rules->columns; column++) cells[column * lines + line] = places[column];
        if (!agrees(block, size, places)) continue;
        int doubts = 0;
        for (int64_t test = 0; test < rules->tests && !doubts; test++) {
            const Among *among = &rules->among[test];
            int64_t from = places[among->column], until = places[among->column + 1] - 1, length = until - from;
            if (length < WORD) doubts = length > 0 || among->empty_too;
            else doubts = holds(&among->sieve, (word_within(block, size, from) * ODD) ^
                                                   (word_within(block, size, until - WORD) + (uint64_t)length));
        }
        if (rules->names && !doubts) {
            int64_t last = places[rules->last_name], first = places[rules->first_name];
            doubts = (last > first ? last : first) > size - SMALLEST;
            if (!doubts) {
                uint64_t key = first_letters(block, size, last, LAST_LETTERS, rules) * SPREAD_1;
                doubts = holds(&rules->name, key ^ first_letters(block, size, first, FIRST_LETTERS, rules));
            }
        }
        doubtful[line] = (uint8_t)doubts;
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

HOT static void survey(Bytes block, int64_t size, uint8_t *high, uint8_t *continues) {
    uint8_t any = 0, after = 0;
    for (int64_t at = 0; at < size; at++) {
        any |= block[at];
        after |= (int8_t)block[at] < -64;
    }
    *high = any >> 7;
    *continues = after;
}

/* 1: all is UTF-8. 0: it is not, and every accent stands alone; `stray` says in which lines. -1: left to the caller. */
HOT int64_t efit_encoding(Bytes block, int64_t size, const int64_t *ends, int64_t lines, uint8_t *stray) {
    uint8_t high, continues;
    survey(block, size, &high, &continues);
    if (!high) return 1;
    if (continues) return is_utf8(block, size) ? 1 : -1;
    int64_t at = 0;
    for (int64_t line = 0; line < lines; line++) {
        uint8_t any = 0;
        for (; at < ends[line]; at++) any |= block[at];
        stray[line] = any >> 7;
        at++;
    }
    return 0;
}
