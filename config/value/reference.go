package value

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
)

// references replaces ${NAME} and ${file:/path} in single values. What it puts
// in is never parsed again: neither as YAML nor for further references.
type references struct {
	env      func(string) (string, bool)
	dir      string // relative files are looked up beside the configuration
	resolved []reference
}

// reference is one thing read from outside.
type reference struct {
	written string // as in the file: "${JIRA_TOKEN}"
	value   string
}

// expansion is what became of one value of the file.
type expansion struct {
	text      string
	outside   bool     // something was put in, so the type YAML saw means nothing
	missing   []string // references to nothing, each as "NAME is not set"
	malformed []string // references that can't be read, each as a sentence
}

var (
	referencePattern = regexp.MustCompile(`\$?\$\{[^}]*\}?`)
	variablePattern  = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

// expand replaces every reference in text. "$${" stands for a plain "${".
func (r *references) expand(text string) expansion {
	var e expansion
	e.text = referencePattern.ReplaceAllStringFunc(text, func(match string) string {
		if strings.HasPrefix(match, "$$") {
			return match[1:]
		}
		e.outside = true
		return r.one(match, &e)
	})
	return e
}

func (r *references) one(written string, e *expansion) string {
	name, closed := strings.CutSuffix(strings.TrimPrefix(written, "${"), "}")
	path, isFile := strings.CutPrefix(name, "file:")
	var value, problem string
	switch {
	case !closed:
		e.malformed = append(e.malformed, fmt.Sprintf("%q has no closing brace: write ${NAME}, or $${ for a plain ${", written))
		return ""
	case isFile && path != "":
		value, problem = r.file(path)
	case variablePattern.MatchString(name):
		value, problem = r.variable(name)
	default:
		e.malformed = append(e.malformed, fmt.Sprintf("%q is not a reference: write ${NAME} or ${file:/run/secrets/name}, or $${ for a plain ${", written))
		return ""
	}
	if problem != "" {
		e.missing = append(e.missing, problem)
		return ""
	}
	r.resolved = append(r.resolved, reference{written, value})
	return value
}

func (r *references) variable(name string) (value, problem string) {
	value, ok := r.env(name)
	value = strings.TrimPrefix(value, byteOrderMark)
	switch {
	case !ok:
		return "", name + " is not set"
	case value == "":
		return "", name + " is set but empty"
	}
	return value, ""
}

// byteOrderMark is what some editors and shells begin a file with. It is no part of
// what the file says.
const byteOrderMark = "\ufeff"

// file reads a mounted secret. The line breaks at its end and the mark that some
// editors add are not part of it.
func (r *references) file(path string) (value, problem string) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.dir, path)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		var cause *fs.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return "", fmt.Sprintf("the file %s can't be read (%v)", path, err)
	}
	value = strings.TrimPrefix(decoded(content), byteOrderMark)
	value = strings.TrimRight(value, "\r\n")
	if value == "" {
		return "", fmt.Sprintf("the file %s is empty", path)
	}
	return value, ""
}

// decoded is what a file says that begins with a byte order mark of UTF-16, as
// PowerShell writes them; any other file is taken as it is.
func decoded(content []byte) string {
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(content, []byte{0xff, 0xfe}):
		order = binary.LittleEndian
	case bytes.HasPrefix(content, []byte{0xfe, 0xff}):
		order = binary.BigEndian
	default:
		return string(content)
	}
	units := make([]uint16, 0, len(content)/2)
	for ; len(content) > 1; content = content[2:] {
		units = append(units, order.Uint16(content))
	}
	return string(utf16.Decode(units))
}

// conceal puts references back in place of what they brought in, so that a
// token in the wrong place is not printed with the fault it causes. Values too
// short to be a secret stay.
func (r *references) conceal(text string) string {
	known := slices.Clone(r.resolved)
	slices.SortFunc(known, func(a, b reference) int { return cmp.Compare(len(b.value), len(a.value)) })
	for _, ref := range known {
		for _, part := range secretParts(ref.value) {
			for _, form := range escapedForms(part) {
				text = replaceFold(text, form, ref.written)
			}
		}
	}
	return text
}

// replaceFold replaces form in any letter case: addresses are lower-cased before
// they are judged.
func replaceFold(text, form, by string) string {
	if len(form) < shortestSecret {
		return text
	}
	return regexp.MustCompile(`(?i)`+regexp.QuoteMeta(form)).ReplaceAllLiteralString(text, by)
}
