package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// separated reads CSV.
func separated(body []byte) (Table, error) {
	text, encoding, err := decoded(body)
	if err != nil {
		return Table{}, err
	}
	first := 1
	comma, name := separator(text)
	if said, rest, is := saysSeparator(text); is {
		comma, name, text, first = said, named(said), rest, 2
	}
	c := collecting{Table: Table{Form: "CSV in " + encoding + ", parted by " + name}}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return c.done()
		}
		var p *csv.ParseError
		if errors.As(err, &p) {
			return Table{}, faultf("Line %d of the file can't be read: a quotation mark is where none can be, or isn't closed. Export the file anew.", p.StartLine+first-1)
		}
		if err != nil {
			return Table{}, faultf("The file can't be read: %v.", err)
		}
		line, _ := r.FieldPos(0)
		if err := c.add(line+first-1, cells); err != nil {
			return Table{}, err
		}
	}
}

// decoded is the text of a file, and what its encoding is called. What is neither marked nor valid UTF-8 is what Windows
// writes in the west; what that has no letter for is refused.
func decoded(body []byte) (text, encoding string, err error) {
	utf16 := func(e unicode.Endianness) (string, string, error) {
		out, err := unicode.UTF16(e, unicode.UseBOM).NewDecoder().Bytes(body)
		if err != nil || len(body)%2 != 0 || bytes.ContainsRune(out, utf8.RuneError) {
			return "", "", faultf("The file begins like UTF-16 and isn't that to its end: it may be cut off. Export it anew.")
		}
		return string(out), "UTF-16", nil
	}
	switch {
	case bytes.HasPrefix(body, []byte("\xff\xfe")):
		return utf16(unicode.LittleEndian)
	case bytes.HasPrefix(body, []byte("\xfe\xff")):
		return utf16(unicode.BigEndian)
	case bytes.IndexByte(body, 0) >= 0:
		return "", "", faultf("The file has a zero byte in line %d, so it is no text, or text in an encoding that isn't said: export it as CSV in UTF-8.", lineOf(body, bytes.IndexByte(body, 0)))
	case utf8.Valid(body):
		return strings.TrimPrefix(string(body), "\ufeff"), "UTF-8", nil
	}
	if bytes.HasPrefix(body, []byte("\ufeff")) {
		return "", "", faultf("The file says that it is UTF-8 and isn't: it may be cut off, or put together of two. Export it anew.")
	}
	for i, b := range body {
		if bytes.IndexByte([]byte("\x81\x8d\x8f\x90\x9d"), b) >= 0 {
			return "", "", faultf("The file is neither UTF-8 nor what Windows writes: line %d has a byte that is no letter. Export it as CSV in UTF-8.", lineOf(body, i))
		}
	}
	out, err := charmap.Windows1252.NewDecoder().Bytes(body)
	if err != nil {
		return "", "", faultf("The file can't be read as text: export it as CSV in UTF-8.")
	}
	return string(out), "Windows-1252", nil
}

func lineOf(body []byte, at int) int { return 1 + bytes.Count(body[:at], []byte("\n")) }

// saysSeparator reads the line by which Excel says how a file is parted.
func saysSeparator(text string) (comma rune, rest string, is bool) {
	line, rest, more := strings.Cut(text, "\n")
	line = strings.TrimSuffix(line, "\r")
	if said, is := strings.CutPrefix(strings.ToLower(line), "sep="); is && more && len(said) == 1 && strings.Contains(separators, said) {
		return rune(said[0]), rest, true
	}
	return 0, text, false
}

const separators = ",;\t|"

// separator is what parts the first line into the most columns.
func separator(text string) (comma rune, name string) {
	line, _, _ := strings.Cut(text, "\n")
	comma, most := ',', -1
	for _, s := range separators {
		if n := strings.Count(line, string(s)); n > most {
			comma, most = s, n
		}
	}
	return comma, named(comma)
}

func named(comma rune) string {
	switch comma {
	case ';':
		return "semicolons"
	case '\t':
		return "tabs"
	case '|':
		return "bars"
	}
	return "commas"
}
