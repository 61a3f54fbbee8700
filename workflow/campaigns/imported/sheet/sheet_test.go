package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"latchkey/workflow/campaigns/imported/sheet"
)

// in is a text in another encoding.
func in(t *testing.T, encode func([]byte) ([]byte, error), text string) []byte {
	t.Helper()
	out, err := encode([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// lines are the rows of a table with their numbers.
func lines(t sheet.Table) string {
	var out []string
	for _, r := range t.Rows {
		out = append(out, fmt.Sprintf("%d %s", r.Number, strings.Join(r.Cells, "|")))
	}
	return strings.Join(out, "\n")
}

// TestTextsAreRead in the encodings and with the separators that exports have.
func TestTextsAreRead(t *testing.T) {
	const text = "ID;Name\r\n1;Jörg Müller\r\n\r\n2;\"Anne; Marie\nSchmidt\"\r\n3;Ünal\r\n"
	const want = "2 1|Jörg Müller\n4 2|Anne; Marie\nSchmidt\n6 3|Ünal"
	utf16 := func(e unicode.Endianness) []byte {
		return in(t, unicode.UTF16(e, unicode.UseBOM).NewEncoder().Bytes, text)
	}
	for name, c := range map[string]struct {
		body []byte
		form string
	}{
		"UTF-8":             {[]byte(text), "CSV in UTF-8, parted by semicolons"},
		"UTF-8 with a mark": {[]byte("\ufeff" + text), "CSV in UTF-8, parted by semicolons"},
		"UTF-16, little":    {utf16(unicode.LittleEndian), "CSV in UTF-16, parted by semicolons"},
		"UTF-16, big":       {utf16(unicode.BigEndian), "CSV in UTF-16, parted by semicolons"},
		"Windows":           {in(t, charmap.Windows1252.NewEncoder().Bytes, text), "CSV in Windows-1252, parted by semicolons"},
		"parted by tabs":    {[]byte(strings.NewReplacer(";\"", "\t\"", ";J", "\tJ", ";Ü", "\tÜ", "ID;", "ID\t").Replace(text)), "CSV in UTF-8, parted by tabs"},
		"Excel says how":    {[]byte("sep=;\r\n" + text), "CSV in UTF-8, parted by semicolons"},
	} {
		got, err := sheet.Read(c.body)
		wanted := want
		if strings.Contains(name, "Excel") {
			wanted = "3 1|Jörg Müller\n5 2|Anne; Marie\nSchmidt\n7 3|Ünal"
		}
		if err != nil || got.Form != c.form || lines(got) != wanted || !slices.Equal(got.Header, []string{"ID", "Name"}) {
			t.Errorf("%s: %v, %+v", name, err, got)
		}
	}
}

// TestWhatCantBeReadIsSaid, with the row.
func TestWhatCantBeReadIsSaid(t *testing.T) {
	for body, want := range map[string]string{
		"":                                    "empty",
		"\n\n":                                "nothing in the file",
		"ID,Name\n":                           "a header and no rows",
		"ID,ID\n1,2\n":                        `Row 1 names the columns A and B alike ("ID")`,
		"ID,Name\n1,a,b\n":                    "Row 2 has 3 columns, and the header has 2",
		"ID,Name\n1,\"a\n":                    "Line 2 of the file",
		"ID,Name\n1,=1+1\n":                   `Row 2, column B is a formula ("=1+1")`,
		"ID,Name\n1,a\u202eb\n":               "Row 2, column B has a character that can't be seen",
		"ID,Name\n1,a\x07b\n":                 "Row 2, column B has a character",
		"ID,Name\n1,a\x00b\n":                 "zero byte in line 2",
		"\xff\xfeI\x00D":                      "isn't that to its end",
		"\ufeffID\n\xe4\n":                    "says that it is UTF-8 and isn't",
		"ID\nA\xe4\n\x81\n":                   "line 3 has a byte that is no letter",
		"ID\n" + strings.Repeat("x", 5000):    "Row 2, column A has more than",
		"ID" + strings.Repeat(",", 250) + "x": "251 columns",
		"%PDF-1.7":                            "no table",
		"  <html><table>":                     "no table",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":    "Excel file of the old kind",
		"PK\x03\x04cut":                       "isn't a whole one",
		"ID\n" + strings.Repeat("1\n", sheet.MostRows+1): "more than 50000 rows",
	} {
		_, err := sheet.Read([]byte(body))
		var f *sheet.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Sentence, want) {
			t.Errorf("%.40q: %v, want %q", body, err, want)
		}
	}
	if _, err := sheet.Read(make([]byte, sheet.MostBytes+1)); err == nil || !strings.Contains(err.Error(), "at most 32 MB") {
		t.Errorf("too big: %v", err)
	}
}

// The parts of a small workbook.
const (
	bookPart   = `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Old" sheetId="1" state="hidden" r:id="r1"/><sheet name="People" sheetId="2" r:id="r2"/></sheets></workbook>`
	relsPart   = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Target="worksheets/sheet2.xml"/></Relationships>`
	sharedPart = `<sst><si><t>ID</t></si><si><r><t>Na</t></r><r><t>me</t></r><rPh><t>x</t></rPh></si><si><t>Last login</t></si></sst>`
	stylesPart = `<styleSheet><numFmts><numFmt numFmtId="170" formatCode="dd\.mm\.yyyy"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>`
)

func sheetPart(rows string) string {
	return `<worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

// packed is a workbook whose shown sheet has some rows.
func packed(t testing.TB, rows string, change ...func(map[string]string)) []byte {
	t.Helper()
	parts := map[string]string{
		"xl/workbook.xml": bookPart, "xl/_rels/workbook.xml.rels": relsPart, "xl/sharedStrings.xml": sharedPart, "xl/styles.xml": stylesPart,
		"xl/worksheets/sheet1.xml": sheetPart(""), "xl/worksheets/sheet2.xml": sheetPart(rows),
	}
	for _, do := range change {
		do(parts)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range parts {
		f, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(f, text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const headRow = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c></row>`

func TestAWorkbookIsRead(t *testing.T) {
	got, err := sheet.Read(packed(t, headRow+
		`<row r="2"><c r="A2"><v>4711</v></c><c r="B2" t="inlineStr"><is><t>Maya </t></is></c><c r="C2" s="1"><v>46296</v></c></row>`+
		`<row r="4"><c r="A4" t="str"><v>x-1</v></c><c r="C4" s="1"><v>46296.5</v></c></row>`+`<row r="5"><c r="A5" t="b"><v>1</v></c></row>`))
	want := "2 4711|Maya|2026-10-01\n4 x-1||2026-10-01 12:00:00\n5 TRUE||"
	if err != nil || lines(got) != want || got.Form != `Excel workbook, sheet "People"` {
		t.Errorf("%v, %+v\n%s", err, got, lines(got))
	}
}

func TestAWorkbookThatCantBeReadIsSaid(t *testing.T) {
	row := func(cells string) string { return headRow + `<row r="2">` + cells + `</row>` }
	for rows, want := range map[string]string{
		row(`<c r="A2"><f>1+1</f><v>2</v></c>`):             "Row 2, column A is a formula",
		row(`<c r="A2" t="e"><v>#REF!</v></c>`):             "Row 2, column A shows an error (#REF!)",
		row(`<c r="A2" t="s"><v>9</v></c>`):                 "Row 2, column A shows a text that the workbook doesn't have",
		row(`<c r="A2"><v>12345678901234567</v></c>`):       "Row 2, column A is a number of more than 15 digits",
		row(`<c r="B2"><v>1</v></c><c r="A2"><v>1</v></c>`): `Row 2 of the workbook has a cell at "A2", which is out of order`,
		row(`<c r="A7"><v>1</v></c>`):                       `Row 2 of the workbook has a cell at "A7"`,
		headRow + `<row r="1"/>`:                            `row "1" after row 1`,
		headRow + `<row r="2"><c r="A2"><v>1</v></c>`:       "damaged",
		headRow + `</sheetData><!DOCTYPE x><x>`:             "damaged",
	} {
		_, err := sheet.Read(packed(t, rows))
		var f *sheet.Fault
		if !errors.As(err, &f) || !strings.Contains(f.Sentence, want) {
			t.Errorf("%s: %v, want %q", rows, err, want)
		}
	}
	for name, c := range map[string]struct {
		do   func(map[string]string)
		want string
	}{
		"a sheet that is cut off": {func(p map[string]string) { p["xl/worksheets/sheet2.xml"] = `<worksheet><sheetData>` + headRow }, "damaged"},
		"no sheet":                {func(p map[string]string) { delete(p, "xl/worksheets/sheet2.xml") }, "no Excel workbook"},
		"another ZIP file":        {func(p map[string]string) { clear(p); p["a.txt"] = "x" }, "no Excel workbook"},
		"names of its own":        {func(p map[string]string) { p["xl/sharedStrings.xml"] = `<!DOCTYPE x [<!ENTITY a "b">]>` + sharedPart }, "names of its own"},
	} {
		if _, err := sheet.Read(packed(t, headRow, c.do)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestABombIsNotUnpacked: what comes to more than is read isn't begun, whatever else is in it.
func TestABombIsNotUnpacked(t *testing.T) {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	w.RegisterCompressor(zip.Deflate, func(to io.Writer) (io.WriteCloser, error) { return flate.NewWriter(to, flate.BestSpeed) })
	f, err := w.Create("xl/workbook.xml")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 257 {
		if _, err := f.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := sheet.Read(out.Bytes()); err == nil || !strings.Contains(err.Error(), "more than 256 MB") {
		t.Errorf("%d bytes: %v", out.Len(), err)
	}
}

// FuzzRead: whatever a file is, it is read or refused in words; and what is read has all its cells.
func FuzzRead(f *testing.F) {
	f.Add([]byte("ID;Name\n1;a\n"))
	f.Add([]byte("sep=\t\nID\tName\n1\t\"a\nb\"\n"))
	f.Add([]byte("\xff\xfeI\x00D\x00\n\x001\x00"))
	f.Add(packed(f, headRow+`<row><c><v>1</v></c></row>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := sheet.Read(body)
		if fault := new(sheet.Fault); err != nil && !errors.As(err, &fault) {
			t.Fatalf("%v is nothing for people", err)
		}
		last := 0
		for _, r := range got.Rows {
			if len(r.Cells) != len(got.Header) || r.Number <= last {
				t.Fatalf("row %d after %d has %d cells of %d", r.Number, last, len(r.Cells), len(got.Header))
			}
			last = r.Number
		}
	})
}

// FuzzSheet: the same of what stands in the sheet of a workbook.
func FuzzSheet(f *testing.F) {
	f.Add(headRow + `<row r="2"><c r="A2" s="1"><v>1e300</v></c></row>`)
	f.Add(`<row><c><is><t>x</t></is></c></row><row r="9"><c r="ZZ9"/></row>`)
	f.Fuzz(func(t *testing.T, rows string) {
		if _, err := sheet.Read(packed(t, rows)); err != nil {
			if fault := new(sheet.Fault); !errors.As(err, &fault) {
				t.Fatalf("%v is nothing for people", err)
			}
		}
	})
}
