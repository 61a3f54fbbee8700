package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// writeTo writes to a file that only its owner can read, or to out without a name.
func writeTo(name string, out io.Writer, fn func(io.Writer) error) (err error) {
	if name == "" {
		return fn(out)
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the export: %w", err)
	}
	err = fn(f)
	if closed := f.Close(); err == nil && closed != nil {
		err = fmt.Errorf("write the export: %w", closed)
	}
	return err
}

// oneLine keeps what others wrote from drawing on the terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }), " ")
}
