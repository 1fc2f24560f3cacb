package permute

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
)

// KeyBytes is the size of a Permuter's key (AES-256).
const KeyBytes = 32

// Tweak selects one of the independent bijections under one key. Make it with
// Permuter.Tweak.
type Tweak [aes.BlockSize]byte

// Permuter computes the bijections of one key. It is for one goroutine.
type Permuter struct {
	block  cipher.Block
	x      [aes.BlockSize]byte // the block being enciphered; here so that nothing escapes
	tables map[tableKey][]uint16
	cached int // entries in all tables
}

// New returns the Permuter of a key.
func New(key [KeyBytes]byte) *Permuter {
	block, err := aes.NewCipher(key[:])
	if err != nil { // only for keys of another size
		panic(err)
	}
	return &Permuter{block: block, tables: map[tableKey][]uint16{}}
}

// encrypt replaces the block x by its image.
func (p *Permuter) encrypt() { p.block.Encrypt(p.x[:], p.x[:]) }

// Tweak makes a tweak of any bytes: a CBC-MAC over their number and the bytes, so
// that no two have the same by design. It costs one AES for 16 bytes, and also
// serves to key a Stream by a whole value.
func (p *Permuter) Tweak(text []byte) Tweak {
	p.x = [aes.BlockSize]byte{}
	binary.LittleEndian.PutUint64(p.x[8:], uint64(len(text)))
	if len(text) <= 8 { // length and text in one block
		copy(p.x[:], text)
		p.encrypt()
		return p.x
	}
	p.encrypt()
	for len(text) >= aes.BlockSize {
		lo := binary.LittleEndian.Uint64(p.x[:8]) ^ binary.LittleEndian.Uint64(text[:8])
		hi := binary.LittleEndian.Uint64(p.x[8:]) ^ binary.LittleEndian.Uint64(text[8:16])
		binary.LittleEndian.PutUint64(p.x[:8], lo)
		binary.LittleEndian.PutUint64(p.x[8:], hi)
		p.encrypt()
		text = text[aes.BlockSize:]
	}
	if len(text) > 0 {
		for i, c := range text {
			p.x[i] ^= c
		}
		p.encrypt()
	}
	return p.x
}

// word returns the first or second 64 bits of the enciphered block.
func (p *Permuter) word(i int) uint64 {
	return binary.LittleEndian.Uint64(p.x[8*i:])
}
