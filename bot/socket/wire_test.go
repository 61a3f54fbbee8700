package socket_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/websocket"

	"latchkey/bot/socket"
)

// wire is the far end of one real connection, spoken in prepared bytes so that it allocates nothing itself.
type wire struct {
	w   io.Writer
	r   *bufio.Reader
	ack []byte
}

// connect runs a client with one socket against a local server and returns the server's end.
func connect(tb testing.TB, secure bool, h socket.Handler) *wire {
	ends, done := make(chan *websocket.Conn), make(chan struct{})
	serve := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		upgrader := websocket.Upgrader{}
		ws, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			tb.Errorf("upgrade: %v", err)
			return
		}
		ends <- ws
		<-done
		ws.Close()
	})
	server, dialer := httptest.NewUnstartedServer(serve), &websocket.Dialer{}
	if secure {
		server.StartTLS()
		dialer.TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	} else {
		server.Start()
	}
	url := "ws" + strings.TrimPrefix(server.URL, "http")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	client := socket.New(socket.Config{
		Open:        func(context.Context) (string, error) { return url, nil },
		Connections: 1, Handler: h, Dialer: dialer,
	})
	go func() { ended <- client.Run(ctx) }()
	ws := <-ends
	tb.Cleanup(func() {
		stop()
		close(done)
		if err := <-ended; err != nil {
			tb.Errorf("Run: %v", err)
		}
		server.Close()
	})
	end := &wire{w: ws.NetConn(), r: bufio.NewReaderSize(ws.NetConn(), 64<<10), ack: make([]byte, 64<<10)}
	end.send(tb, frame(`{"type":"hello","num_connections":1}`))
	return end
}

// frame is text as an unmasked WebSocket frame (RFC 6455, 5.2).
func frame(text string) []byte {
	if len(text) < 126 {
		return append([]byte{0x81, byte(len(text))}, text...)
	}
	return append(binary.BigEndian.AppendUint16([]byte{0x81, 126}, uint16(len(text))), text...)
}

func (w *wire) send(tb testing.TB, b []byte) {
	if _, err := w.w.Write(b); err != nil {
		tb.Fatalf("write: %v", err)
	}
}

// receive reads one masked text frame and returns its text.
func (w *wire) receive(tb testing.TB) []byte {
	head := w.ack[:2]
	if _, err := io.ReadFull(w.r, head); err != nil {
		tb.Fatalf("read: %v", err)
	}
	if head[0] != 0x81 || head[1]&0x80 == 0 {
		tb.Fatalf("frame header %x, want one masked, unfragmented text frame", head)
	}
	size := int(head[1] & 0x7f)
	if size == 126 {
		if _, err := io.ReadFull(w.r, w.ack[:2]); err != nil {
			tb.Fatalf("read: %v", err)
		}
		size = int(binary.BigEndian.Uint16(w.ack))
	}
	body := w.ack[:4+size]
	if _, err := io.ReadFull(w.r, body); err != nil {
		tb.Fatalf("read: %v", err)
	}
	for i := range body[4:] {
		body[4+i] ^= body[i%4]
	}
	return body[4:]
}

const sample = `{"envelope_id":"11111111-2222-4333-8444-555555555555","payload":{"command":"/access","text":"figma"},` +
	`"type":"slash_commands","accepts_response_payload":true}`

var plain = handler(func(context.Context, socket.Envelope) ([]byte, error) { return nil, nil })

func TestOverTLSInBursts(t *testing.T) {
	response := []byte(`{"text":"` + strings.Repeat("x", 20_000) + `"}`)
	end := connect(t, true, handler(func(context.Context, socket.Envelope) ([]byte, error) { return response, nil }))
	want := `{"envelope_id":"11111111-2222-4333-8444-555555555555","payload":` + string(response) + `}`
	burst := frame(sample)
	for range 3 {
		for range 200 {
			end.send(t, burst)
		}
		for range 200 {
			if got := end.receive(t); string(got) != want {
				t.Fatalf("ack of %d bytes %.80q, want %d bytes", len(got), got, len(want))
			}
		}
	}
}

func TestAckPathAllocatesLittle(t *testing.T) {
	end, envelope := connect(t, false, plain), frame(sample)
	allocs := testing.AllocsPerRun(500, func() {
		end.send(t, envelope)
		end.receive(t)
	})
	t.Logf("%v allocations an envelope", allocs)
	if allocs > 20 {
		t.Errorf("%v allocations from envelope to ack, want 20 at most", allocs)
	}
}

// BenchmarkAck keeps 64 envelopes in flight over loopback; the server's side is included.
func BenchmarkAck(b *testing.B) {
	for name, words := range map[string]int{"3KB": 165, "8KB": 480} {
		text := strings.Replace(sample, "figma", strings.Repeat("please let me in ", words), 1)
		b.Run(name, func(b *testing.B) {
			end, envelope := connect(b, false, plain), frame(text)
			b.ReportAllocs()
			b.ResetTimer()
			sent := 0
			for range min(64, b.N) {
				end.send(b, envelope)
				sent++
			}
			for range b.N {
				end.receive(b)
				if sent < b.N {
					end.send(b, envelope)
					sent++
				}
			}
		})
	}
}
