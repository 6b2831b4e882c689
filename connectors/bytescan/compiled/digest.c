/* SHA-256 of what is read, by the processor's own instructions. Each waits for the one before; beside other work, 64
   bytes at a time, they take little more than that work does. Part of `glance.c`; where there are no such
   instructions nothing is offered, and hashlib digests, which is what this is held to (tests/connectors/test_digest.py). */

#if defined(WIDE)
#include <cpuid.h>
#define DIGESTING __attribute__((target("avx2,bmi,popcnt,sha")))
#endif

#define BLOCK 64

typedef struct {
    uint32_t state[8];
    Bytes at;               /* what was offered, and is not digested yet */
    int64_t left;
    uint8_t begun[64];      /* what is digested when the rest of 64 bytes has come: so many */
    int64_t held;
} Digest;

#if defined(WIDE)
/* The state as the instructions have it, and the bytes to be digested beside other work. */
typedef struct {
    __m128i abef;
    __m128i cdgh;
    Bytes at;
    int64_t left;
} Beside;

static const uint32_t ROUNDS[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

DIGESTING INLINE void digest_block(Beside *beside, Bytes text) {
    const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0bll, 0x0405060700010203ll);
    __m128i words[4], abef = beside->abef, cdgh = beside->cdgh;
    for (int at = 0; at < 4; at++)
        words[at] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(text + 16 * at)), order);
#pragma GCC unroll 16
    for (int four = 0; four < 16; four++) {
        __m128i *now = &words[four & 3], *next = &words[(four + 1) & 3], *before = &words[(four + 3) & 3];
        const __m128i sum = _mm_add_epi32(*now, _mm_loadu_si128((const __m128i *)(ROUNDS + 4 * four)));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, sum);
        if (four >= 3 && four < 15)
            *next = _mm_sha256msg2_epu32(_mm_add_epi32(*next, _mm_alignr_epi8(*now, *before, 4)), *now);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(sum, 0x0E));
        if (four >= 1 && four < 13) *before = _mm_sha256msg1_epu32(*before, *now);
    }
    beside->abef = _mm_add_epi32(beside->abef, abef);
    beside->cdgh = _mm_add_epi32(beside->cdgh, cdgh);
}

DIGESTING INLINE Beside taken(const Digest *digest) {
    const __m128i low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)digest->state), 0xB1);
    const __m128i high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(digest->state + 4)), 0x1B);
    const Beside beside = {_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xF0), digest->at, digest->left};
    return beside;
}

DIGESTING INLINE void put_back(const Beside *beside, Digest *digest) {
    const __m128i low = _mm_shuffle_epi32(beside->abef, 0x1B), high = _mm_shuffle_epi32(beside->cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)digest->state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(digest->state + 4), _mm_alignr_epi8(high, low, 8));
    digest->at = beside->at;
    digest->left = beside->left;
}

DIGESTING INLINE void digest_some(Beside *beside) {
    if (beside->left < BLOCK) return;
    digest_block(beside, beside->at);
    beside->at += BLOCK;
    beside->left -= BLOCK;
}

/* Digests what was offered before; what is offered now waits for other work, or for what is offered next. */
DIGESTING void efit_offer(Digest *digest, Bytes block, int64_t size) {
    Beside beside = taken(digest);
    while (beside.left >= BLOCK) digest_some(&beside);
    if (beside.left) { /* then nothing was held: what is held is made whole by what is offered first */
        memcpy(digest->begun, beside.at, (size_t)beside.left);
        digest->held = beside.left;
    }
    if (digest->held) {
        const int64_t more = size < BLOCK - digest->held ? size : BLOCK - digest->held;
        memcpy(digest->begun + digest->held, block, (size_t)more);
        digest->held += more;
        block += more;
        size -= more;
        if (digest->held == BLOCK) {
            digest_block(&beside, digest->begun);
            digest->held = 0;
        }
    }
    beside.at = block;
    beside.left = size;
    put_back(&beside, digest);
}

int64_t efit_digests(void) {
    unsigned a, b, c, d;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
           (b >> 29 & 1);
}
#else
typedef struct {
    int64_t left;
} Beside;

void efit_offer(Digest *digest, Bytes block, int64_t size) {
    digest->at = block;
    digest->left = size;
}

int64_t efit_digests(void) { return 0; } /* then nothing is offered: hashlib digests */
#endif
