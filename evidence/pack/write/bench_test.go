package write_test

import (
	"fmt"
	"io"
	"runtime"
	"testing"

	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/write"
)

// nowhere takes files and forgets them, but for how long they are.
type nowhere struct{ bytes int }

func (n *nowhere) Create(string) (io.WriteCloser, error) { return n, nil }
func (n *nowhere) Write(b []byte) (int, error)           { n.bytes += len(b); return len(b), nil }
func (*nowhere) Close() error                            { return nil }

// How long a pack takes, how large it is, and how much memory it needs at most. Rows come
// one by one, as they do from a store.
func BenchmarkWrite(b *testing.B) {
	for _, rows := range []int{100, 5_000, 100_000} {
		c := packtest.Many(b, rows)
		b.Run(fmt.Sprintf("%d rows", rows), func(b *testing.B) {
			var out nowhere
			for b.Loop() {
				out = nowhere{}
				if _, err := write.Pack(b.Context(), c, packtest.Signer(b).Sign, &out); err != nil {
					b.Fatal(err)
				}
			}
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(rows), "µs/row")
			b.ReportMetric(float64(out.bytes)/float64(rows), "B/row")
			b.ReportMetric(float64(m.HeapSys)/(1<<20), "MB-heap")
		})
	}
}
