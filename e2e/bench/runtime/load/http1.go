package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

type http1 struct{ requests [][]byte }

func newHTTP(address, path, header string, bodies [][]byte) *http1 {
	p := &http1{}
	for _, body := range bodies {
		head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\n%s\r\nContent-Length: %d\r\n\r\n",
			path, address, header, len(body))
		p.requests = append(p.requests, append([]byte(head), body...))
	}
	return p
}

func (p *http1) open() exchange { return &http1Exchange{protocol: p} }

type http1Exchange struct {
	protocol *http1
	answer   []byte
	bodyAt   int // 0 until the head is complete
	length   int // of the body, -1 when it comes in chunks
	status   int
}

func (e *http1Exchange) begin(body int) []byte {
	e.answer, e.bodyAt = e.answer[:0], 0
	return e.protocol.requests[body]
}

func (e *http1Exchange) received(data []byte) ([]byte, []byte, bool, error) {
	e.answer = append(e.answer, data...)
	if e.bodyAt == 0 {
		end := bytes.Index(e.answer, []byte("\r\n\r\n"))
		if end < 0 {
			return nil, nil, false, nil
		}
		if err := e.head(e.answer[:end]); err != nil {
			return nil, nil, false, err
		}
		e.bodyAt = end + 4
	}
	body := e.answer[e.bodyAt:]
	if e.length < 0 {
		// Looked at again with each piece that arrives: no server measured here sends answers
		// of more than a few pieces.
		whole, err := chunked(body)
		if whole == nil || err != nil {
			return nil, nil, false, err
		}
		body = whole
	} else if len(body) < e.length {
		return nil, nil, false, nil
	}
	if e.status != 200 {
		text := fmt.Sprintf("status %d: %.200s", e.status, body)
		return nil, nil, true, &refusal{text, e.status == 503}
	}
	return nil, body, true, nil
}

func (e *http1Exchange) head(head []byte) error {
	lines := bytes.Split(head, []byte("\r\n"))
	if len(lines[0]) < 12 || !bytes.HasPrefix(lines[0], []byte("HTTP/1.1 ")) {
		return fmt.Errorf("no HTTP/1.1 status line: %.50q", lines[0])
	}
	var err error
	if e.status, err = strconv.Atoi(string(lines[0][9:12])); err != nil {
		return fmt.Errorf("no status: %.50q", lines[0])
	}
	e.length = 0
	for _, line := range lines[1:] {
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("content-length")):
			if e.length, err = strconv.Atoi(string(value)); err != nil || e.length < 0 {
				return fmt.Errorf("no length: %.50q", line)
			}
		case bytes.EqualFold(name, []byte("transfer-encoding")):
			e.length = -1
		case bytes.EqualFold(name, []byte("connection")) && bytes.EqualFold(value, []byte("close")):
			return errors.New("the server does not keep the connection")
		}
	}
	return nil
}

// chunked returns the joined chunks, or nil when the last has not arrived.
func chunked(body []byte) ([]byte, error) {
	whole := []byte{}
	for {
		line, rest, found := bytes.Cut(body, []byte("\r\n"))
		if !found {
			return nil, nil
		}
		size, _, _ := bytes.Cut(line, []byte(";"))
		length, err := strconv.ParseUint(string(bytes.TrimSpace(size)), 16, 31)
		if err != nil {
			return nil, fmt.Errorf("no chunk size: %.50q", line)
		}
		if uint64(len(rest)) < length+2 {
			return nil, nil
		}
		if length == 0 {
			return whole, nil
		}
		whole = append(whole, rest[:length]...)
		body = rest[length+2:]
	}
}
