package pdf_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"latchkey/evidence/pack"
	"latchkey/evidence/pack/packtest"
	"latchkey/evidence/pack/pdf"
	"latchkey/evidence/pack/summary"
)

// streams are the parts of a PDF, unpacked: enough to see that it is one and how many pages it has.
func streams(t *testing.T, text []byte) (out []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?s)/FlateDecode.*?stream\r?\n(.*?)\r?\nendstream`).FindAllSubmatch(text, -1) {
		r, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue // another kind of stream
		}
		if part, err := io.ReadAll(r); err == nil {
			out = append(out, string(part))
		}
	}
	return out
}

func pagesOf(text []byte) int { return len(regexp.MustCompile(`/Type /Page\b`).FindAll(text, -1)) }

// The print says what it is called, in which language it is, and when it was made, and has an outline.
func TestThePrint(t *testing.T) {
	text := packtest.Written(t, packtest.Review(t))[pack.PrintFile].Text
	for _, want := range []string{"%PDF-", "/Lang (en)", "/CreationDate (D:20261119103100", "/Outlines", "%%EOF"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("it has no %q", want)
		}
	}
	if n := pagesOf(text); n < 8 || n > 14 {
		t.Errorf("it has %d pages", n)
	}
	if len(streams(t, text)) < 8 {
		t.Error("its pages can't be unpacked")
	}
}

// What is printed is what is said: read back by a program that others have written.
func TestThePrintReadBack(t *testing.T) {
	read, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Fatal("there is no pdftotext here, so what the print says can't be read back: make deps, or apt-get install poppler-utils")
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, packtest.Written(t, packtest.Review(t))[pack.PrintFile].Text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), read, file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(out)), " ")
	for _, want := range []string{
		"Access review: Quarterly review, fourth quarter of 2026", "Łukasz Wójcik", "Dmytro Шевченко", "Hana 山田", "[U+10D0]", "The on-premises file server", "needs the same group until 31 December",
		"not asked: usage is switched off for the ERP", "taken back by Tom Becker", "(named by Tom Becker)", "Page 3",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the print doesn't say %q", want)
		}
	}
}

// Texts that are longer than a page go on on the next, and a review of very many rows prints those
// that are asked about.
func TestLongPrints(t *testing.T) {
	c := packtest.Review(t)
	short := pagesOf(packtest.Written(t, c)[pack.PrintFile].Text)
	rows := packtest.RowsOf(t, c)
	rows[0].Answers[0].Reason = strings.Repeat("because it is so, and ", 600)
	rows[1].Answers[0].Reason = strings.Repeat("W", 8_000)
	c.Rows = packtest.All(rows)
	if long := pagesOf(packtest.Written(t, c)[pack.PrintFile].Text); long < short+4 {
		t.Errorf("%d pages with texts of 21,000 letters, and %d without", long, short)
	}
	var some, most bytes.Buffer
	for rows, out := range map[int]*bytes.Buffer{200: &some, 201: &most} {
		r, err := summary.Count(t.Context(), packtest.Many(t, rows))
		if err == nil {
			err = pdf.Write(t.Context(), r, 200, out)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if a, b := pagesOf(some.Bytes()), pagesOf(most.Bytes()); a < 2*b {
		t.Errorf("%d pages of 200 rows and %d of 201, of which a tenth is asked about", a, b)
	}
}
