// Package ask asks whoever is at a terminal, or takes answers that were given beforehand, so that what is asked can be
// scripted. Secrets are never shown, and never taken from a file of answers.
package ask

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ErrUnanswered is what an asker answers for a question that nobody is there to answer, or nobody any more.
var ErrUnanswered = errors.New("there is no answer")

// Question is one thing to ask.
type Question struct {
	Key     string   // by which it is answered beforehand, such as jira.project
	Text    string   // what to ask
	Usual   string   // taken where nothing is typed; "": something has to be
	Choices []string // what can be answered; empty: anything
	Secret  string   // the name of the environment variable that holds it; "": it is no secret
	Quiet   bool     // asked of nobody: the usual answer stands unless another was given beforehand
	Check   func(string) error
}

// Asker asks.
type Asker struct {
	Given  map[string]string           // answers by key
	Env    func(string) (string, bool) // the environment
	Out    io.Writer                   // where questions go
	Prompt bool                        // somebody is there
	Shown  func() error                // has what is typed shown, and forgets what was typed before; nil: nothing shows it
	Hidden func() error                // the same, and it isn't shown
	Line   func() (string, error)      // reads a line
	used   map[string]bool
	close  func() error
}

// New makes an asker at a terminal, if in is one; else nobody is there, and every question needs an answer beforehand. At a
// terminal nothing that is typed or pasted is shown but the answers to questions that ask for no secret, until it is closed.
func New(in io.Reader, out io.Writer, given map[string]string) *Asker {
	a := &Asker{Given: given, Env: os.LookupEnv, Out: out, used: map[string]bool{}}
	lines := bufio.NewReader(in)
	a.Line = func() (string, error) {
		line, err := lines.ReadString('\n')
		switch {
		case errors.Is(err, io.EOF) && line == "":
			return "", fmt.Errorf("%w: the input has ended", ErrUnanswered)
		case errors.Is(err, context.Canceled):
			return "", err
		case err != nil && line == "":
			return "", fmt.Errorf("read the answer: %w", err)
		}
		return strings.TrimSpace(line), nil
	}
	if t, ok := terminalOf(in); ok && t.hidden() == nil {
		a.Prompt, a.Shown, a.Hidden, a.close = true, t.shown, t.hidden, t.restore
	}
	return a
}

// Close leaves the terminal as it was.
func (a *Asker) Close() error {
	if a.close == nil {
		return nil
	}
	return a.close()
}

// Say writes a line for whoever is there.
func (a *Asker) Say(format string, args ...any) { fmt.Fprintf(a.Out, format+"\n", args...) }

// Unused are the keys of answers that no question had, sorted.
func (a *Asker) Unused() (keys []string) {
	for key := range a.Given {
		if !a.used[key] {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// Ask asks until the answer will do. An answer that was given beforehand and won't do is an error.
func (a *Asker) Ask(q Question) (string, error) {
	if a.used == nil {
		a.used = map[string]bool{}
	}
	a.used[q.Key] = true
	if text, given := a.given(q); given {
		text, err := q.judge(text)
		if err != nil {
			return "", fmt.Errorf("%s: %w", q.Key, err)
		}
		return text, nil
	}
	switch {
	case q.Quiet:
		return q.Usual, nil
	case !a.Prompt && q.Usual != "":
		return q.Usual, nil
	case !a.Prompt && q.Secret != "":
		return "", fmt.Errorf("%w to %q: set the environment variable %s", ErrUnanswered, q.Text, q.Secret)
	case !a.Prompt:
		return "", fmt.Errorf("%w to %q, and nobody is there to ask: give it with --set %s=…", ErrUnanswered, q.Text, q.Key)
	}
	return a.prompt(q)
}

func (a *Asker) given(q Question) (string, bool) {
	if q.Secret != "" {
		text, there := a.Env(q.Secret)
		if there && text != "" {
			a.Say("%s: taken from %s", q.Text, q.Secret)
			return text, true
		}
		return "", false
	}
	text, given := a.Given[q.Key]
	return text, given
}

// prompt asks whoever is there, again after what won't do. What was typed before a question stands there is no answer to it, and
// what is typed for a secret is shown at no moment: the terminal is told before the question is written.
func (a *Asker) prompt(q Question) (string, error) {
	for {
		text, err := a.typed(q)
		if err != nil {
			return "", err
		}
		if text == "" {
			text = q.Usual
		}
		text, err = q.judge(text)
		if err == nil {
			return text, nil
		}
		a.Say("  %v", err)
	}
}

// typed is what somebody types at a question.
func (a *Asker) typed(q Question) (string, error) {
	set := a.Shown
	if q.Secret != "" {
		set = a.Hidden
	}
	if set != nil {
		if err := set(); err != nil {
			return "", fmt.Errorf("tell the terminal what to show: %w", err)
		}
	}
	fmt.Fprint(a.Out, q.line())
	text, err := a.Line()
	if a.Hidden == nil {
		return text, err
	}
	if q.Secret != "" || err != nil {
		fmt.Fprintln(a.Out) // nobody's Enter ended the line
	}
	return text, errors.Join(err, a.Hidden())
}

// line is the question as it is shown.
func (q Question) line() string {
	var b strings.Builder
	for n, c := range q.Choices {
		fmt.Fprintf(&b, "  %d  %s\n", n+1, c)
	}
	b.WriteString(q.Text)
	switch {
	case q.Secret != "":
		b.WriteString(" (not shown)")
	case q.Usual != "":
		b.WriteString(" [" + q.Usual + "]")
	}
	return b.String() + ": "
}

// judge makes an answer of what was typed: a choice by its number or its words.
func (q Question) judge(text string) (string, error) {
	if text = strings.TrimSpace(text); text == "" {
		return "", errors.New("something has to be answered")
	}
	if len(q.Choices) > 0 {
		if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(q.Choices) {
			text = q.Choices[n-1]
		}
		at := slices.IndexFunc(q.Choices, func(c string) bool { return strings.EqualFold(c, text) })
		if at < 0 {
			return "", fmt.Errorf("%q is none of %s", text, strings.Join(q.Choices, ", "))
		}
		text = q.Choices[at]
	}
	if q.Check != nil {
		return text, q.Check(text)
	}
	return text, nil
}

// Yes asks for a yes or a no.
func (a *Asker) Yes(key, text string, usual bool) (bool, error) {
	q := Question{Key: key, Text: text, Usual: "no", Choices: nil}
	if usual {
		q.Usual = "yes"
	}
	q.Check = func(s string) error {
		if !slices.Contains([]string{"yes", "y", "no", "n", "true", "false"}, strings.ToLower(s)) {
			return fmt.Errorf("%q is neither yes nor no", s)
		}
		return nil
	}
	answer, err := a.Ask(q)
	return slices.Contains([]string{"yes", "y", "true"}, strings.ToLower(answer)), err
}
