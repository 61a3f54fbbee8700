package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// proof is a deterministic benchmark: a Go test that "make test" runs too. What
// it logs is the measurement.
type proof struct {
	name, workload, metric, target string
	pkg, test                      string
	env                            []string
	sum                            func(logged []string) (text string, met bool) // what was logged in short; nil: as it is, met if the test holds
}

// goTest runs a proof and adds its row.
func (b *bench) goTest(ctx context.Context, p proof) error {
	r := row{name: p.name, workload: p.workload, metric: p.metric, target: p.target, kind: "D", verdict: "met"}
	args := []string{"test", "-json", "-count=1", "-timeout=20m", "-run", "^" + p.test + "$", p.pkg}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = b.repo, append(os.Environ(), p.env...)
	out, err := cmd.CombinedOutput()
	logged, ran := readTest(out)
	r.measured = strings.Join(logged, "; ")
	switch {
	case err != nil:
		r.verdict = "failed"
		r.measured = fmt.Sprintf("%s %s: %v %s", p.pkg, p.test, err, r.measured)
	case !ran:
		return fmt.Errorf("%s has no test %s", p.pkg, p.test)
	case p.sum != nil:
		text, met := p.sum(logged)
		r.measured, r.verdict = text, word(met)
	case r.measured == "":
		r.measured = "held (" + p.pkg + " " + p.test + ")"
	}
	b.add(r)
	return nil
}

// readTest takes what a test logged out of the output of go test -json.
func readTest(out []byte) (logged []string, ran bool) {
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e struct{ Action, Test, Output string }
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		if e.Action == "pass" && e.Test != "" {
			ran = true
		}
		text := strings.TrimSpace(e.Output)
		file, said, ok := strings.Cut(text, ": ")
		if e.Action == "output" && ok && strings.Contains(file, "_test.go:") && !strings.HasPrefix(said, "seed ") {
			logged = append(logged, said)
		}
	}
	return logged, ran
}
