package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"
)

// The bounds of what is unpacked of a workbook: a few kilobytes can be packed so that they come to gigabytes.
const (
	mostParts    = 2_000
	mostUnpacked = 256 << 20
)

// book is a workbook that is being read.
type book struct {
	parts  map[string]*zip.File
	shared []string
	dates  []bool // of each style: whether numbers in it are dates
	y1904  bool
}

// workbook reads the first sheet of an Excel workbook that is shown.
func workbook(body []byte) (Table, error) {
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return Table{}, faultf("The file begins like an .xlsx file and isn't a whole one: it may be cut off. Export it anew.")
	}
	b := book{parts: map[string]*zip.File{}}
	unpacked := uint64(0)
	for _, f := range archive.File {
		unpacked += f.UncompressedSize64
		if len(archive.File) > mostParts || f.UncompressedSize64 > mostUnpacked || unpacked > mostUnpacked {
			return Table{}, faultf("The file comes to more than %d MB when it is unpacked, so it isn't read: it is packed like a file that is meant to do harm.", mostUnpacked>>20)
		}
		if b.parts[f.Name] != nil {
			return Table{}, faultf("The file has its part %q twice, so it isn't clear which counts: save it anew.", short(f.Name))
		}
		b.parts[f.Name] = f
	}
	name, sheet, others, err := b.first()
	if err != nil {
		return Table{}, err
	}
	if err := errors.Join(b.texts(), b.styles()); err != nil {
		return Table{}, damaged(err)
	}
	c := collecting{Table: Table{Form: "Excel workbook, sheet " + strconv.Quote(name)}}
	if others > 0 {
		c.Form += " (" + strconv.Itoa(others) + " other sheets are not read)"
	}
	if err := b.rows(sheet, c.add); err != nil {
		return Table{}, damaged(err)
	}
	return c.done()
}

// damaged is err in words, unless it is in words already.
func damaged(err error) error {
	if f := new(Fault); errors.As(err, &f) {
		return f
	}
	return faultf("The workbook is damaged (%v): save it anew, or export CSV.", err)
}

// each goes through the elements of a part. One that isn't there has none.
func (b *book) each(part string, do func(d *xml.Decoder, e xml.StartElement) error) error {
	f := b.parts[part]
	if f == nil {
		return nil
	}
	r, err := f.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	d := xml.NewDecoder(r)
	for {
		token, err := d.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if _, is := token.(xml.Directive); is {
			return errors.New("it defines names of its own")
		}
		if e, is := token.(xml.StartElement); is {
			if err := do(d, e); err != nil {
				return err
			}
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// first is the first sheet that is shown: its name, its part, and how many others are shown.
func (b *book) first() (name, part string, others int, err error) {
	id := ""
	err = b.each("xl/workbook.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			b.y1904 = attribute(e, "date1904") == "1" || attribute(e, "date1904") == "true"
		case "sheet":
			if state := attribute(e, "state"); state != "" && state != "visible" {
				return nil
			}
			if id != "" {
				others++
				return nil
			}
			for _, a := range e.Attr {
				if a.Name.Local == "id" && strings.Contains(a.Name.Space, "relationships") {
					id, name = a.Value, attribute(e, "name")
				}
			}
		}
		return nil
	})
	if err != nil {
		return "", "", 0, damaged(err)
	}
	err = b.each("xl/_rels/workbook.xml.rels", func(_ *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local == "Relationship" && attribute(e, "Id") == id && id != "" {
			part = attribute(e, "Target")
		}
		return nil
	})
	if err != nil {
		return "", "", 0, damaged(err)
	}
	if rooted, is := strings.CutPrefix(part, "/"); is {
		part = rooted
	} else {
		part = path.Join("xl", part)
	}
	if id == "" || b.parts[part] == nil {
		return "", "", 0, faultf("This is a ZIP file, and no Excel workbook with a sheet that is shown.")
	}
	return name, part, others, nil
}

// texts reads the texts that cells share.
func (b *book) texts() error {
	return b.each("xl/sharedStrings.xml", func(d *xml.Decoder, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := textIn(d)
		b.shared = append(b.shared, text)
		return err
	})
}

// textIn is the text of an element that has begun, in however many pieces; how it is pronounced is left out.
func textIn(d *xml.Decoder) (string, error) {
	var text strings.Builder
	takes := false
	for depth := 1; depth > 0; {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			if e.Name.Local == "rPh" {
				if err := d.Skip(); err != nil {
					return "", err
				}
				continue
			}
			depth++
			takes = e.Name.Local == "t"
		case xml.EndElement:
			depth, takes = depth-1, false
		case xml.CharData:
			if takes {
				text.Write(e)
			}
		}
	}
	return text.String(), nil
}

// styles reads in which styles numbers are dates.
func (b *book) styles() error {
	custom, cells := map[string]bool{}, false
	return b.each("xl/styles.xml", func(_ *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			custom[attribute(e, "numFmtId")] = isDate(attribute(e, "formatCode"))
		case "cellXfs":
			cells = true
		case "cellStyles", "dxfs":
			cells = false
		case "xf":
			if cells {
				id := attribute(e, "numFmtId")
				n, _ := strconv.Atoi(id)
				b.dates = append(b.dates, custom[id] || n >= 14 && n <= 22 || n >= 45 && n <= 47)
			}
		}
		return nil
	})
}

// isDate tells whether a format shows a number as a date: it has a letter of dates outside of what is quoted.
func isDate(format string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(format); i++ {
		switch c := format[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == '[', c == ']':
			bracket = c == '['
		case !quoted && !bracket && strings.IndexByte("yYdDhHmMsS", c) >= 0:
			return true
		}
	}
	return false
}
