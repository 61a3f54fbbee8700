package config

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// slip is one entry of testdata/planted/faults.yaml, which says what its fields mean.
type slip struct {
	Slip, Was, Now, At, Is, Changed string
	Remedy                          []string
	Besides                         bool
}

// TestPlantedFaults: what people get wrong is found where it stands, quoted, and said with what to write instead.
func TestPlantedFaults(t *testing.T) {
	var planted []slip
	if err := yaml.Load(readPlanted(t, "faults.yaml"), &planted); err != nil {
		t.Fatal(err)
	}
	base := string(readPlanted(t, "base.yaml"))
	if found := find(t, base); len(found) > 0 {
		t.Fatalf("nothing is wrong with base.yaml, but: %v", found)
	}
	for _, s := range planted {
		t.Run(s.Slip, func(t *testing.T) {
			text, places := marked(s.plant(t, base))
			if problem := s.unlike(find(t, text), places); problem != "" {
				t.Error(problem)
			}
		})
	}
}

func readPlanted(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile("testdata/planted/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// plant makes the change, marks and all.
func (s slip) plant(t *testing.T, base string) string {
	t.Helper()
	if n := strings.Count(base, s.Was); n != 1 {
		t.Fatalf("what is changed stands %d times in base.yaml", n)
	}
	text := strings.Replace(base, s.Was, s.Now, 1)
	if bare, _ := marked(s.At); s.At != "" {
		if n := strings.Count(text, bare); n != 1 {
			t.Fatalf("%q stands %d times in what is made of base.yaml", bare, n)
		}
		text = strings.Replace(text, bare, s.At, 1)
	}
	return text
}

// found is what the checks say of a file.
type found struct {
	is string
	Fault
}

func find(t *testing.T, text string) (out []found) {
	t.Helper()
	c, err := Parse("testdata/planted/config.yaml", []byte(text), lookup(nil), ofThisBuild())
	var all *Error
	switch {
	case errors.As(err, &all):
		for _, f := range all.Faults {
			out = append(out, found{"fault", f})
		}
	case err != nil:
		t.Fatal(err)
	default:
		for _, f := range c.Warnings {
			out = append(out, found{"warning", f})
		}
	}
	return out
}

// place is a marked text and where it begins.
type place struct {
	line, column int
	text         string
}

// marked takes the marks out of a text and tells what stood between them. They may stand in each other.
func marked(text string) (clean string, places []place) {
	var out strings.Builder
	var open []int
	var starts []int
	line, column := 1, 1
	for _, r := range text {
		switch r {
		case '‹':
			open, starts = append(open, len(places)), append(starts, out.Len())
			places = append(places, place{line: line, column: column})
		case '›':
			last := len(open) - 1
			places[open[last]].text = out.String()[starts[last]:]
			open, starts = open[:last], starts[:last]
		case '\n':
			out.WriteRune(r)
			line, column = line+1, 1
		default:
			out.WriteRune(r)
			column++
		}
	}
	return out.String(), places
}

// unlike says how what was found differs from what has to be; "" if it doesn't.
func (s slip) unlike(all []found, places []place) string {
	if s.Is == "nothing" {
		if len(all) > 0 {
			return fmt.Sprintf("it is read as it was written, but: %v", all)
		}
		return ""
	}
	var reasons []string
	for _, f := range all {
		reason := s.wants(f, places)
		if reason == "" && (s.Besides || len(all) == 1) {
			return ""
		}
		reasons = append(reasons, fmt.Sprintf("%s %d:%d %s\n      (%s)", f.is, f.Line, f.Column, f.Problem, reason))
	}
	return fmt.Sprintf("want one %s at one of %v that names %v; got %d:\n    %s", s.Is, places, s.Remedy, len(all), strings.Join(reasons, "\n    "))
}

// wants says what is wrong about one finding; "" if it is what has to be found.
func (s slip) wants(f found, places []place) string {
	here := slices.IndexFunc(places, func(p place) bool { return p.line == f.Line && p.column == f.Column })
	switch {
	case here < 0:
		return "it stands elsewhere"
	case f.is != s.Is:
		return "it is a " + f.is
	case !quotes(f.Problem, places[here].text):
		return "it doesn't quote " + places[here].text
	}
	offending := strings.Trim(places[here].text, `"'`)
	rest := strings.ReplaceAll(f.Problem, strconv.Quote(offending), "") // what is wrong doesn't name what is right
	named := func(word string) bool {
		return strings.Contains(rest, word) || word == offending && strings.Contains(f.Problem, word)
	}
	for _, one := range s.Remedy {
		if !slices.ContainsFunc(strings.Split(one, "|"), named) {
			return "it doesn't name " + one
		}
	}
	return ""
}

// quotes tells whether a message has the offending text in it, if that is something that can be quoted.
func quotes(problem, text string) bool {
	bare := strings.Trim(text, `"'`)
	return strings.TrimSpace(bare) == "" || len(bare) > 60 || strings.ContainsAny(bare, "[]{}") || strings.Contains(problem, bare)
}
