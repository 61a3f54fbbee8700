package report_test

import (
	"errors"
	"testing"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/report"
	"latchkey/evidence/pack/summary"
	"latchkey/sandbox/page/browser"
)

// TestTheReportInABrowser: as a browser draws it, everybody can read and use it, on a laptop and on a phone, and on the
// laptop nothing stands beyond the edge.
func TestTheReportInABrowser(t *testing.T) {
	r, err := summary.Count(t.Context(), packtest.Review(t))
	if err != nil {
		t.Fatal(err)
	}
	out := packtest.Kept{}
	p, err := report.New(r, 5000)
	if err == nil {
		err = errors.Join(p.WritePages(t.Context(), out.Create), p.Write(t.Context(), out.File(pack.ReportFile)))
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := browser.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	}()
	page := string(out[pack.ReportFile].Text)
	for _, on := range []browser.Screen{{Width: 1100}, browser.Phone()} {
		faults, err := b.Faults(t.Context(), page, on)
		if err != nil || len(faults) > 0 {
			t.Errorf("%d wide: %v, %v", on.Width, faults, err)
		}
	}
	if n, err := b.Hidden(t.Context(), page, browser.Screen{Width: 1100}); err != nil || n > 0 {
		t.Errorf("%d pixels stand beyond the edge, %v", n, err)
	}
}
