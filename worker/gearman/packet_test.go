package gearman

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"testing/iotest"
)

// reply encodes what a server sends.
func reply(k kind, arguments ...string) []byte {
	body := strings.Join(arguments, "\x00")
	b := binary.BigEndian.AppendUint32([]byte(magicReply), uint32(k))
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return append(b, body...)
}

// The protocol's own example, byte for byte.
func TestRequestBytes(t *testing.T) {
	for _, tc := range []struct {
		name      string
		kind      kind
		arguments []string
		last      string
		want      string
	}{
		{"CAN_DO", canDo, nil, "reverse", "\x00REQ\x00\x00\x00\x01\x00\x00\x00\x07reverse"},
		{"PRE_SLEEP", preSleep, nil, "", "\x00REQ\x00\x00\x00\x04\x00\x00\x00\x00"},
		{"SUBMIT_JOB", submitJob, []string{"reverse", ""}, "test", "\x00REQ\x00\x00\x00\x07\x00\x00\x00\x0dreverse\x00\x00test"},
		{"WORK_COMPLETE", workComplete, []string{"H:lap:1"}, "tset", "\x00REQ\x00\x00\x00\x0d\x00\x00\x00\x0cH:lap:1\x00tset"},
	} {
		if got := string(appendRequest(nil, tc.kind, tc.arguments, len(tc.last))) + tc.last; got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

func TestDecoder(t *testing.T) {
	long := strings.Repeat("x", 3<<20)
	for _, tc := range []struct {
		name, in string
		want     []string
		err      string
	}{
		{name: "nothing", err: "EOF"},
		{name: "several", in: string(reply(noop)) + string(reply(jobAssignUniq, "h", "f", "u", "a\x00b")), want: []string{"", "h\x00f\x00u\x00a\x00b"}, err: "EOF"},
		{name: "long", in: string(reply(workData, long)), want: []string{long}, err: "EOF"},
		{name: "half a header", in: "\x00RES\x00\x00", err: "unexpected EOF"},
		{name: "half a body", in: string(reply(noop)) + string(reply(workData, "abc")[:14]), want: []string{""}, err: "unexpected EOF"},
		{name: "no body at all", in: string(reply(workData, "abc")[:12]), err: "unexpected EOF"},
		{name: "a request", in: "\x00REQ\x00\x00\x00\x06\x00\x00\x00\x00", err: "not a Gearman packet"},
		{name: "a web server", in: "HTTP/1.1 400 Bad Request\r\n", err: "not a Gearman packet"},
		{name: "a TLS server", in: "\x15\x03\x01\x00\x02\x02\x0a and so on", err: "the server speaks TLS"},
		{name: "too long", in: "\x00RES\x00\x00\x00\x1c\x7f\xff\xff\xff", err: "over the limit of 4194304"},
	} {
		for _, split := range []struct {
			name string
			in   io.Reader
		}{{"whole", strings.NewReader(tc.in)}, {"byte by byte", iotest.OneByteReader(strings.NewReader(tc.in))}} {
			d := decoder{r: bufio.NewReader(split.in), maxBodyBytes: 4 << 20}
			var got []string
			var p packet
			var err error
			for p, err = d.next(); err == nil; p, err = d.next() {
				got = append(got, string(p.body))
			}
			if strings.Join(got, "|") != strings.Join(tc.want, "|") || !strings.Contains(err.Error(), tc.err) {
				t.Errorf("%s, %s: %d packets, %v", tc.name, split.name, len(got), err)
			}
		}
	}
}

// A header takes no memory for what it only announces.
func TestDecoderBelievesWhatArrives(t *testing.T) {
	in := append(reply(workData), "some"...)
	binary.BigEndian.PutUint32(in[8:], 1<<31)
	if n := testing.AllocsPerRun(1, func() {
		_, err := (&decoder{r: bytes.NewReader(in), maxBodyBytes: math.MaxUint32}).next()
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Error(err)
		}
	}); n > 10 {
		t.Errorf("%v allocations", n)
	}
}

func TestParseError(t *testing.T) {
	for in, want := range map[string]string{
		"JOB_NOT_FOUND\x00Job does not exist": `the server reports "JOB_NOT_FOUND": "Job does not exist"`,
		"0\x00Permission denied by ACL\x00":   `the server reports "0": "Permission denied by ACL"`,
		"QUEUE_ERROR":                         `the server reports "QUEUE_ERROR"`,
		"":                                    `the server reports ""`,
		strings.Repeat("x", 999):              `the server reports "` + strings.Repeat("x", 200) + `"`,
	} {
		if got := parseError(packet{body: []byte(in)}).Error(); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}

func FuzzDecoder(f *testing.F) {
	f.Add([]byte(""))
	f.Add(reply(noop))
	f.Add(append(reply(noJob), reply(jobAssignUniq, "h", "f", "u", "p\x00q")...))
	f.Add(append(reply(jobAssign, "h", "f"), reply(errorReply, "CODE", "text")...))
	f.Add([]byte("\x00RES\x00\x00\x00\x0b\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, in []byte) {
		d := decoder{r: bytes.NewReader(in), maxBodyBytes: 1 << 16}
		var again []byte
		for {
			p, err := d.next()
			if err != nil {
				break
			}
			_ = parseError(p).Error()
			if j, err := parseJob(p, nil); err == nil && strings.ContainsRune(j.handle+j.function+j.unique, 0) {
				t.Errorf("a name has a NUL: %q", p.body)
			}
			again = append(again, reply(p.kind, string(p.body))...)
		}
		if !bytes.HasPrefix(in, again) {
			t.Errorf("%q is read as %q", in, again)
		}
	})
}
