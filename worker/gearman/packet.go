package gearman

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// kind is what a packet is for: the numbers of the protocol.
type kind uint32

// The kinds that this package sends or understands.
const (
	canDo         kind = 1
	cantDo        kind = 2
	preSleep      kind = 4
	noop          kind = 6
	submitJob     kind = 7
	jobCreated    kind = 8
	noJob         kind = 10
	jobAssign     kind = 11
	workStatus    kind = 12
	workComplete  kind = 13
	workFail      kind = 14
	getStatus     kind = 15
	submitJobBg   kind = 18
	errorReply    kind = 19
	statusReply   kind = 20
	submitHigh    kind = 21
	setClientID   kind = 22
	workException kind = 25
	optionRequest kind = 26
	optionReply   kind = 27
	workData      kind = 28
	workWarning   kind = 29
	grabJobUniq   kind = 30
	jobAssignUniq kind = 31
	submitHighBg  kind = 32
	submitLow     kind = 33
	submitLowBg   kind = 34
)

const (
	magicRequest = "\x00REQ"
	magicReply   = "\x00RES"
	headerBytes  = 12

	// maxBodyBytes is what a server that keeps sizes in signed integers takes.
	maxBodyBytes = math.MaxInt32
)

// packet is one packet from a server.
type packet struct {
	kind kind
	body []byte
}

// arguments splits the body at NUL bytes into n arguments, of which the last may
// contain more of them.
func (p packet) arguments(n int) ([][]byte, error) {
	parts := bytes.SplitN(p.body, []byte{0}, n)
	if len(parts) < n {
		return nil, fmt.Errorf("packet of kind %d has %d arguments instead of %d", p.kind, len(parts), n)
	}
	return parts, nil
}

// appendRequest appends a request's header and arguments, without the last
// argument's bytes, of which it only knows how many follow.
func appendRequest(to []byte, k kind, arguments []string, lastBytes int) []byte {
	size := lastBytes
	for _, a := range arguments {
		size += len(a) + 1
	}
	to = append(to, magicRequest...)
	to = binary.BigEndian.AppendUint32(to, uint32(k))
	to = binary.BigEndian.AppendUint32(to, uint32(size))
	for _, a := range arguments {
		to = append(append(to, a...), 0)
	}
	return to
}

// decoder reads a server's packets.
type decoder struct {
	r            io.Reader // buffered
	maxBodyBytes int64
}

// next returns the next packet, whose body is the caller's. The error is io.EOF
// only between packets.
func (d *decoder) next() (packet, error) {
	var header [headerBytes]byte
	if _, err := io.ReadFull(d.r, header[:]); err != nil {
		return packet{}, err
	}
	if string(header[:4]) != magicReply {
		return packet{}, badMagic(header[0])
	}
	p := packet{kind: kind(binary.BigEndian.Uint32(header[4:]))}
	size := int64(binary.BigEndian.Uint32(header[8:]))
	if size > d.maxBodyBytes {
		return packet{}, fmt.Errorf("packet of kind %d has %d bytes, which is over the limit of %d", p.kind, size, d.maxBodyBytes)
	}
	var err error
	p.body, err = readBody(d.r, int(size))
	return p, err
}

func badMagic(first byte) error {
	const tlsAlert = 21
	if first == tlsAlert {
		return errors.New("the server speaks TLS")
	}
	return errors.New("what the server sent is not a Gearman packet")
}

// readBody believes a size only as far as bytes arrive, so that a header alone
// takes no memory.
func readBody(r io.Reader, size int) ([]byte, error) {
	const step = 1 << 20
	body := make([]byte, 0, min(size, step))
	for len(body) < size {
		if len(body) == cap(body) {
			body = append(make([]byte, 0, min(size, 2*cap(body))), body...)
		}
		n, err := io.ReadFull(r, body[len(body):cap(body)])
		body = body[:len(body)+n]
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
	}
	return body, nil
}

// ServerError is an error that the server reported.
type ServerError struct {
	Code string // such as JOB_NOT_FOUND
	Text string // the server's own words
}

func (e *ServerError) Error() string {
	if e.Text == "" {
		return "the server reports " + strconv.Quote(e.Code)
	}
	return fmt.Sprintf("the server reports %q: %q", e.Code, e.Text)
}

// parseError reads an ERROR packet: whatever is in it, it is an error.
func parseError(p packet) *ServerError {
	const maxText = 200
	code, text, _ := bytes.Cut(p.body, []byte{0})
	text = bytes.TrimRight(text, "\x00\r\n")
	return &ServerError{Code: string(code[:min(len(code), maxText)]), Text: string(text[:min(len(text), maxText)])}
}
