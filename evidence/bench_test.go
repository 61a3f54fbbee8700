package evidence

import (
	"context"
	"fmt"
	"testing"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
)

// What an issue write costs here before anything is sent, by how long the story is, and
// how much of that the signature is.
func BenchmarkWriteIssue(b *testing.B) {
	keys := notetest.Keys(notetest.Log)
	unsigned := func(_ context.Context, _ string, _ note.Kind, text string) (string, error) { return text, nil }
	for _, n := range []int{6, 30, 300, 5000} {
		all := story(b, n, plainly)
		for name, sign := range map[string]Sign{"signed": keys.Signer.Sign, "unsigned": unsigned} {
			b.Run(fmt.Sprintf("%d events, %s", n, name), func(b *testing.B) {
				for b.Loop() {
					out, err := WriteIssue(b.Context(), sign, writing(all))
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(len(out.State)), "state-chars")
				}
			})
		}
	}
}

// What reading one back costs, everything checked.
func BenchmarkReadIssue(b *testing.B) {
	keys := notetest.Keys(notetest.Log)
	for _, n := range []int{6, 30, 300} {
		w := writing(story(b, n, plainly))
		r, err := WriteIssue(b.Context(), keys.Signer.Sign, w)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprintf("%d events", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := (Reading{Trust: keys.Trust}).ReadIssue(w.Issue, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func writing(all []access.Entry) Writing {
	return Writing{
		Log: notetest.Log, Site: "cloud-1", Issue: access.Issue{ID: "10400", Key: "IT-7"}, Entries: all, At: noon(),
		Case: access.Case{Request: access.Request{ID: "AR-1", State: access.RequestPending}},
	}
}
