package searchtest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// mutant is a fault put into what is shipped.
type mutant struct {
	file, fn string // fn may be Type.method where a name is there twice
	why      string
	old, new []string // lines, without their indentation
}

func (m mutant) String() string { return fmt.Sprintf("%s %s: %s", m.file, m.fn, m.why) }

// mutants reads the list of faults that the search has to find.
func mutants(t *testing.T) []mutant {
	t.Helper()
	raw, err := os.ReadFile("testdata/mutants.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []mutant
	for block := range strings.SplitSeq(string(raw), "\n\n") {
		block = strings.TrimSpace(block)
		if block == "" || strings.HasPrefix(block, "#") {
			continue
		}
		m, err := parseMutant(strings.Split(block, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func parseMutant(lines []string) (m mutant, err error) {
	where, why, ok := strings.Cut(lines[0], ": ")
	file, fn, also := strings.Cut(where, " ")
	if !ok || !also {
		return m, fmt.Errorf("%q: write file function: what is wrong", lines[0])
	}
	m = mutant{file: file, fn: fn, why: why}
	for _, line := range lines[1:] {
		switch text, is := strings.CutPrefix(line, "- "); {
		case is:
			m.old = append(m.old, text)
		case strings.HasPrefix(line, "+ "):
			m.new = append(m.new, line[len("+ "):])
		default:
			return m, fmt.Errorf("%q: a line of a patch begins with + or -", line)
		}
	}
	return m, nil
}

// patched is the text of a function with the fault in it. What the patch takes out has
// to be there exactly once, or the list is out of date.
func (m mutant) patched(fn string) (string, error) {
	lines := strings.Split(fn, "\n")
	at := -1
	for i := range lines {
		if !m.begins(lines[i:]) {
			continue
		}
		if at >= 0 {
			return "", fmt.Errorf("%s %s (%s): the lines are there twice", m.file, m.fn, m.why)
		}
		at = i
	}
	if at < 0 {
		return "", fmt.Errorf("%s %s (%s): the lines aren't there any more", m.file, m.fn, m.why)
	}
	out := append(append(append([]string{}, lines[:at]...), m.new...), lines[at+len(m.old):]...)
	return strings.Join(out, "\n"), nil
}

func (m mutant) begins(lines []string) bool {
	if len(lines) < len(m.old) {
		return false
	}
	for i, old := range m.old {
		if strings.TrimSpace(lines[i]) != old {
			return false
		}
	}
	return true
}
