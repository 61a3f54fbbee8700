package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// rows reads the rows of a sheet in their order.
func (b *book) rows(part string, add func(number int, cells []string) error) error {
	last, ended := 0, false
	err := b.each(part, func(d *xml.Decoder, e xml.StartElement) error {
		switch e.Name.Local {
		case "sheetData":
			ended = true
		case "row":
			number := last + 1
			if said := attribute(e, "r"); said != "" {
				n, err := strconv.Atoi(said)
				if err != nil || n <= last || n > 1<<20 {
					return faultf("The workbook has its row %q after row %d: save it anew.", short(said), last)
				}
				number = n
			}
			last = number
			cells, err := b.row(d, number)
			if err != nil {
				return err
			}
			return add(number, cells)
		}
		return nil
	})
	if err == nil && !ended {
		return errors.New("the sheet has no rows")
	}
	return err
}

// row reads the cells of a row that has begun.
func (b *book) row(d *xml.Decoder, number int) (cells []string, err error) {
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch e := token.(type) {
		case xml.EndElement:
			return cells, nil
		case xml.StartElement:
			if e.Name.Local != "c" {
				if err := d.Skip(); err != nil {
					return nil, err
				}
				continue
			}
			column := len(cells)
			if at := attribute(e, "r"); at != "" {
				if column, err = columnOf(at, number); err != nil || column < len(cells) || column >= mostColumns {
					return nil, faultf("Row %d of the workbook has a cell at %q, which is out of order, or farther to the right than is read.", number, short(at))
				}
			}
			cells = append(cells, make([]string, column+1-len(cells))...)
			if cells[column], err = b.cell(d, e, number, column); err != nil {
				return nil, err
			}
		}
	}
}

// columnOf is the number of the column of a cell, from 0.
func columnOf(at string, row int) (int, error) {
	letters := strings.TrimRight(at, "0123456789")
	if at[len(letters):] != strconv.Itoa(row) || len(letters) == 0 || len(letters) > 3 {
		return 0, errors.New("it is no cell of its row")
	}
	n := 0
	for _, c := range letters {
		if c < 'A' || c > 'Z' {
			return 0, errors.New("it is no cell")
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1, nil
}

// cell reads a cell that has begun.
func (b *book) cell(d *xml.Decoder, e xml.StartElement, row, column int) (text string, err error) {
	kind, style := attribute(e, "t"), attribute(e, "s")
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.EndElement:
			return b.value(kind, style, text, row, column)
		case xml.StartElement:
			switch e.Name.Local {
			case "f":
				return "", faultf("Row %d, column %s is a formula: paste it as a value, because what it shows is worked out by whoever opens the file.", row, Column(column))
			case "v":
				text, err = charactersIn(d)
			case "is":
				text, err = textIn(d)
			default:
				err = d.Skip()
			}
			if err != nil {
				return "", err
			}
		}
	}
}

// charactersIn is the text of an element that has begun and has nothing else in it.
func charactersIn(d *xml.Decoder) (string, error) {
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.CharData:
			text.Write(e)
		case xml.EndElement:
			return text.String(), nil
		case xml.StartElement:
			return "", fmt.Errorf("a value has the element %s in it", e.Name.Local)
		}
	}
}

// value is what a cell shows.
func (b *book) value(kind, style, text string, row, column int) (string, error) {
	switch kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 || n >= len(b.shared) {
			return "", faultf("Row %d, column %s shows a text that the workbook doesn't have: it is damaged. Save it anew.", row, Column(column))
		}
		return b.shared[n], nil
	case "e":
		return "", faultf("Row %d, column %s shows an error (%s).", row, Column(column), short(text))
	case "b":
		return map[string]string{"0": "FALSE", "1": "TRUE"}[text], nil
	case "", "n":
		if f, err := strconv.ParseFloat(text, 64); err == nil && math.Abs(f) >= 1e15 {
			return "", faultf("Row %d, column %s is a number of more than 15 digits, of which Excel doesn't keep all: export CSV, or the column as text.", row, Column(column))
		}
		return b.number(style, text), nil
	}
	return text, nil
}

// number is what a number shows: a date in a style of dates, and else the number with all its digits.
func (b *book) number(style, text string) string {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	if n, err := strconv.Atoi(style); err == nil && n >= 0 && n < len(b.dates) && b.dates[n] {
		return b.date(f)
	}
	if f == math.Trunc(f) {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return text
}

// date is a date as it counts days.
func (b *book) date(days float64) string {
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if b.y1904 {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	if math.IsNaN(days) || days < 0 || days > 3_000_000 {
		return strconv.FormatFloat(days, 'f', -1, 64)
	}
	whole, part := math.Modf(days)
	at := from.AddDate(0, 0, int(whole)).Add(time.Duration(math.Round(part*86400)) * time.Second)
	if at.Equal(at.Truncate(24 * time.Hour)) {
		return at.Format("2006-01-02")
	}
	return at.Format("2006-01-02 15:04:05")
}
