package main

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Frames and flags of HTTP/2 (RFC 9113, section 6).
const (
	frameData         = 0x0
	frameHeaders      = 0x1
	frameReset        = 0x3
	frameSettings     = 0x4
	framePing         = 0x6
	frameGoAway       = 0x7
	frameWindowUpdate = 0x8

	flagEndStream  = 0x1
	flagAck        = 0x1
	flagEndHeaders = 0x4
	flagPadded     = 0x8

	settingInitialWindow = 0x4
	settingMaxFrame      = 0x5

	defaultWindow = 65535
	defaultFrame  = 16384
	largestWindow = 1<<31 - 1
)

// grpc asks one unary method over HTTP/2 with prior knowledge, a message per request.
//
// Headers of answers are not decoded: an answer counts when it carries a message, and one without
// is a refusal. Header blocks go out without any compression state, so a block is the same bytes
// every time.
type grpc struct {
	headers  []byte
	messages [][]byte
}

func newGRPC(address, path string, bodies [][]byte) *grpc {
	p := &grpc{}
	for _, pair := range [][2]string{
		{":method", "POST"}, {":scheme", "http"}, {":path", path}, {":authority", address},
		{"content-type", "application/grpc"}, {"te", "trailers"},
	} {
		p.headers = append(p.headers, 0) // literal without indexing, new name (RFC 7541, 6.2.2)
		p.headers = appendString(appendString(p.headers, pair[0]), pair[1])
	}
	for _, body := range bodies {
		message := make([]byte, 5, 5+len(body)) // not compressed, then the length
		binary.BigEndian.PutUint32(message[1:], uint32(len(body)))
		p.messages = append(p.messages, append(message, body...))
	}
	return p
}

// appendString adds a string literal of HPACK; the lengths here need at most two octets.
func appendString(to []byte, text string) []byte {
	if len(text) < 127 {
		return append(append(to, byte(len(text))), text...)
	}
	return append(append(to, 127, byte(len(text)-127)), text...)
}

func (p *grpc) open() exchange {
	return &grpcExchange{protocol: p, stream: -1, connectionWindow: defaultWindow,
		initialWindow: defaultWindow, maxFrame: defaultFrame}
}

type grpcExchange struct {
	protocol         *grpc
	stream           int
	unsent           []byte // of the message, held back by flow control
	connectionWindow int
	streamWindow     int
	initialWindow    int
	maxFrame         int
	input            []byte // an incomplete frame
	answer           []byte
	consumed         int // not yet given back to the connection's window
	ended            bool
	out              []byte
}

func (e *grpcExchange) begin(body int) []byte {
	e.out = nil // never reused: what a full socket did not take is still to be sent
	if e.stream < 0 {
		e.out = append(e.out, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"...)
		e.frame(frameSettings, 0, 0, []byte{0, settingInitialWindow, 0x7f, 0xff, 0xff, 0xff})
		e.windowUpdate(largestWindow - defaultWindow)
	}
	e.stream += 2
	e.answer, e.ended = e.answer[:0], false
	e.streamWindow = e.initialWindow
	e.frame(frameHeaders, flagEndHeaders, e.stream, e.protocol.headers)
	e.unsent = e.protocol.messages[body]
	e.data()
	return e.out
}

// data sends as much of the message as both windows allow.
func (e *grpcExchange) data() {
	for len(e.unsent) > 0 {
		size := min(len(e.unsent), e.connectionWindow, e.streamWindow, e.maxFrame)
		if size <= 0 {
			return
		}
		flags := byte(0)
		if size == len(e.unsent) {
			flags = flagEndStream
		}
		e.frame(frameData, flags, e.stream, e.unsent[:size])
		e.unsent = e.unsent[size:]
		e.connectionWindow -= size
		e.streamWindow -= size
	}
}

func (e *grpcExchange) received(data []byte) ([]byte, []byte, bool, error) {
	e.out = nil
	e.input = append(e.input, data...)
	for len(e.input) >= 9 {
		length := int(e.input[0])<<16 | int(e.input[1])<<8 | int(e.input[2])
		if len(e.input) < 9+length {
			break
		}
		kind, flags := e.input[3], e.input[4]
		stream := int(binary.BigEndian.Uint32(e.input[5:]) & largestWindow)
		if err := e.take(kind, flags, stream, e.input[9:9+length]); err != nil {
			return nil, nil, false, err
		}
		e.input = e.input[9+length:]
	}
	e.data()
	if !e.ended {
		return e.out, nil, false, nil
	}
	e.ended = false
	if len(e.unsent) > 0 { // refused before all of it was sent
		e.unsent = nil
		e.frame(frameReset, 0, e.stream, []byte{0, 0, 0, 0})
	}
	if len(e.answer) < 5 {
		return e.out, nil, true, &refusal{text: "an answer without a message"}
	}
	if size := binary.BigEndian.Uint32(e.answer[1:]); e.answer[0] != 0 || int(size) != len(e.answer)-5 {
		return e.out, nil, true, &refusal{text: "an answer that is not one plain message"}
	}
	return e.out, e.answer[5:], true, nil
}

func (e *grpcExchange) take(kind, flags byte, stream int, payload []byte) error {
	switch kind {
	case frameData:
		if flags&flagPadded != 0 {
			return errors.New("padded data is not understood")
		}
		if e.consumed += len(payload); e.consumed > 1<<24 {
			e.windowUpdate(e.consumed)
			e.consumed = 0
		}
		if stream == e.stream {
			e.answer = append(e.answer, payload...)
			e.ended = e.ended || flags&flagEndStream != 0
		}
	case frameHeaders:
		e.ended = e.ended || stream == e.stream && flags&flagEndStream != 0
	case frameReset:
		if stream == e.stream && !e.ended {
			return fmt.Errorf("the server reset a stream: error %x", payload)
		}
	case frameSettings:
		if flags&flagAck == 0 {
			e.settings(payload)
			e.frame(frameSettings, flagAck, 0, nil)
		}
	case framePing:
		if flags&flagAck == 0 {
			e.frame(framePing, flagAck, 0, payload)
		}
	case frameGoAway:
		return fmt.Errorf("the server ends the connection: %.100q", payload)
	case frameWindowUpdate:
		added := int(binary.BigEndian.Uint32(payload))
		switch stream {
		case 0:
			e.connectionWindow += added
		case e.stream:
			e.streamWindow += added
		}
	}
	return nil
}

func (e *grpcExchange) settings(payload []byte) {
	for ; len(payload) >= 6; payload = payload[6:] {
		value := int(binary.BigEndian.Uint32(payload[2:]))
		switch binary.BigEndian.Uint16(payload) {
		case settingInitialWindow:
			e.streamWindow += value - e.initialWindow
			e.initialWindow = value
		case settingMaxFrame:
			e.maxFrame = value
		}
	}
}

func (e *grpcExchange) windowUpdate(size int) {
	e.frame(frameWindowUpdate, 0, 0, binary.BigEndian.AppendUint32(nil, uint32(size)))
}

func (e *grpcExchange) frame(kind, flags byte, stream int, payload []byte) {
	size := len(payload)
	e.out = append(e.out, byte(size>>16), byte(size>>8), byte(size), kind, flags)
	e.out = binary.BigEndian.AppendUint32(e.out, uint32(stream))
	e.out = append(e.out, payload...)
}
