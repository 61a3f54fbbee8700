package cli

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWhatIsMistypedIsAnswered: with what was most likely meant, and exit code 2.
func TestWhatIsMistypedIsAnswered(t *testing.T) {
	for line, want := range map[string]string{
		"chek":                         "did you mean latchkey check?",
		"evidence trce":                "did you mean latchkey evidence trace?",
		"catalog shema":                "did you mean latchkey catalog schema?",
		"check --onlin":                "did you mean --online?",
		"evidence export --fromat csv": "did you mean --format?",
		"dance":                        "see latchkey --help",
		"check --nothing-like-it":      "see latchkey check --help",
		"check now":                    `check takes no "now"`,
	} {
		_, err := runCommandLine(t.Context(), strings.Fields(line)...)
		if err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// TestAnAppOrAPersonThatIsMistyped: those whom the configuration names are thought of.
func TestAnAppOrAPersonThatIsMistyped(t *testing.T) {
	failed := errors.New("nothing is known of that")
	for said, want := range map[[2]string]string{
		{"maya@acme.example", "figam"}: "did you mean figma?",
		{"inse@acme.example", "figma"}: "did you mean ines@acme.example?",
		{"zoe@acme.example", "figma"}:  "is known of that",
	} {
		if err := meant(failed, "../config.yaml", said[0], said[1]); !errors.Is(err, failed) || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%v: %v", said, err)
		}
	}
	if err := meant(failed, "nowhere.yaml", "a", "b"); err != failed {
		t.Error(err)
	}
}

// TestAShellIsOffered apps, people, weeks and formats, as it asks for them.
func TestAShellIsOffered(t *testing.T) {
	example, err := filepath.Abs("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"evidence trace --config " + example + " --app ":     "figma\tFigma",
		"evidence trace --config " + example + " --person ":  "ines@acme.example\tfulfiller of Pixelshop",
		"evidence export --format ":                          "bundle",
		"evidence export --of ":                              "grants",
		"offboard --config " + example + " ":                 "noor@acme.example",
		"erase --config " + example + " ":                    "noor@acme.example",
		"evidence export --config " + example + " --app ":    "figma\tFigma",
		"evidence export --config " + example + " --person ": "ines@acme.example",
		"evidence trace --config nowhere.yaml --app ":        ":4", // nothing, and no files either
	} {
		words := strings.Fields(line)
		out, err := runCommandLine(t.Context(), append(append([]string{"__complete"}, words...), "")...)
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	weeks := lastWeeks(func() time.Time { return time.Date(2027, 1, 3, 12, 0, 0, 0, time.UTC) })("")
	if len(weeks) != weeksBack || weeks[0] != "2026-W53" || weeks[1] != "2026-W52" {
		t.Errorf("%v", weeks)
	}
	if out, err := runCommandLine(t.Context(), "__complete", "report", "--week", ""); err != nil || !strings.Contains(out, "-W") {
		t.Error(out, err)
	}
	if _, err := os.Stat(example); err != nil {
		t.Fatal(err)
	}
}
