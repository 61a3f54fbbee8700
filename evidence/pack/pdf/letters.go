package pdf

import (
	"fmt"
	"strconv"

	"golang.org/x/image/font/sfnt"
)

// letters says which letters a font has.
func letters(ttf []byte) (func(rune) bool, error) {
	font, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("read a font: %w", err)
	}
	var buffer sfnt.Buffer
	return func(r rune) bool {
		if r > 0xffff { // the library writes two bytes for a letter
			return false
		}
		i, err := font.GlyphIndex(&buffer, r)
		return err == nil && i != 0
	}, nil
}

// numbered is a letter by its number.
func numbered(r rune) string { return fmt.Sprintf("[U+%04X]", r) }

func itoa(n int) string { return strconv.Itoa(n) }
