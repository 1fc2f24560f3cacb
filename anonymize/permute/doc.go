// Package permute holds keyed bijections of finite sets: it maps a value of a set
// to a value of the same set, two values never to the same one, and without the
// key the mapping looks like one drawn at random among all of them.
//
// # Terms
//
// A domain is the set of the numbers 0 … n-1, or of all strings of digits with a
// given radix for each place (a mixed-radix string: "two letters, then three
// digits" has the radices 26, 26, 10, 10, 10). A tweak selects one of many
// independent bijections under one key. A round adds a pseudorandom number,
// computed from one half of the value, to the other half.
//
// # Constructions
//
// They are published ones, put together for mixed radices:
//
//   - Domains up to ShuffleMax values: a table shuffled by Fisher and Yates' method
//     (Durstenfeld's form), driven by the pseudorandom function. This is the "prefix
//     cipher" idea of J. Black and P. Rogaway, Ciphers with Arbitrary Finite Domains
//     (CT-RSA 2002), with a shuffle in place of a sort: a table is an ideal
//     permutation, however small the domain.
//   - Larger domains that fit a uint64: an alternating Feistel network over Z_a × Z_b,
//     a·b ≥ n, with modular addition (the generalized Feistel cipher of the same
//     paper), and cycle walking where a·b > n: a result outside the domain is
//     permuted again until it is inside. As a and b are the square root of n,
//     rounded up, that happens for less than one value in sixty.
//   - Longer digit strings: the same network over the two halves of the string, with
//     addition place by place modulo each radix, as "characterwise addition" in
//     M. Bellare, P. Rogaway and T. Spies, The FFX Mode of Operation (2010), whose
//     successor is FF1 of NIST SP 800-38G. FF1 itself knows one radix only.
//
// The number of rounds is 10 as in FF1, and more for small domains, where known
// attacks (F. B. Durak and S. Vaudenay, CRYPTO 2017; V. T. Hoang, S. Tessaro and
// N. Trieu, EUROCRYPT 2018) need fewer pairs: 16 below 2^32 values and 24 below 2^20.
//
// The pseudorandom function is AES-256. A tweak of any length becomes one block T
// by CBC-MAC over its length and its bytes. Round i of a half h is
//
//	AES(T ⊕ (h, i))                                  h fits one block
//	AES(… AES(AES(T ⊕ (h₀, i)) ⊕ h₁) …)              else, CBC-MAC over h
//
// h is written one byte a digit when all radices are at most 256, else two; further output, where one block is too short, is AES(S ⊕ j) with S the block above
// and j = 1, 2, …. The length of h is part of T, so that no input is a prefix of
// another. A number below m is taken from 64 bits by multiplication, the upper word of
// w·m; several small ones by repeating that with the lower word, as long as their
// product is at most 2^40: the bias stays under 2^-24.
//
// # Bounds
//
// A Permuter uses scratch space, so it belongs to one goroutine; nothing allocates
// except the tables of small domains, which are cached up to 512 KiB for each Permuter.
// What the package is not: an encryption with authentication, or a hash. Equal inputs
// give equal outputs, which is what joins need and what frequency analysis uses.
//
// testdata/vectors.json pins the mapping: datasets made years apart under one key only
// join while it stays as it is.
package permute
