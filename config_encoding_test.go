package main

import (
	"encoding/binary"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

const byteOrderMark = "\ufeff"

// TestFilesAsEditorsSaveThem reads the example as editors of Windows write it.
func TestFilesAsEditorsSaveThem(t *testing.T) {
	text := exampleText(t)
	windows := strings.ReplaceAll(text, "\n", "\r\n")
	for name, saved := range map[string]string{
		"byte order mark":          byteOrderMark + text,
		"line ends":                windows,
		"mark and line ends":       byteOrderMark + windows,
		"UTF-16, low byte first":   inUTF16(byteOrderMark+windows, binary.LittleEndian),
		"UTF-16, high byte first":  inUTF16(byteOrderMark+text, binary.BigEndian),
		"a blank line at the end":  text + "\n\n",
		"without a last line end":  strings.TrimRight(text, "\n"),
		"with a document's marker": "---\n" + text,
	} {
		t.Run(name, func(t *testing.T) {
			c, err := loadText(t, saved, tokens(), withBackends())
			if err != nil {
				t.Fatal(err)
			}
			if app, _, ok := c.Catalog.Role("figma", "editor"); !ok || app.Name != "Figma" || c.Slack.ITChannel != "#it-access" {
				t.Errorf("got the app %+v and the channel %q", app, c.Slack.ITChannel)
			}
		})
	}
}

// TestFilesAsNobodyCanReadThem wants a fault with a place, not a guess.
func TestFilesAsNobodyCanReadThem(t *testing.T) {
	text := exampleText(t)
	for name, c := range map[string]struct{ saved, want string }{
		"a tab":         {strings.Replace(text, "\n  project: IT", "\n\tproject: IT", 1), "not valid YAML"},
		"two documents": {text + "\n---\na: b\n", "multiple"},
		"Latin-1":       {strings.Replace(text, "Design files", "Entw\xfcrfe", 1), "UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := loadText(t, c.saved, tokens(), withBackends())
			faults := faultsOf(t, err)
			if len(faults) != 1 || faults[0].Line < 1 || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want …%s…", err, c.want)
			}
		})
	}
}

func exampleText(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func inUTF16(text string, order binary.AppendByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}
