package harness

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/slack"
)

// Timeout is how long an expectation waits.
const Timeout = 15 * time.Second

// Harness acts in one world.
type Harness struct {
	World   *sandbox.World
	Timeout time.Duration // of an expectation; zero: Timeout
	Network Network       // of people's browsers

	typed    typed
	browsers map[string]*browser                   // by whose
	links    map[string]string                     // that people were shown last, to sign in
	code     string                                // the one that Latchkey gave last for an account in Jira
	kept     map[string]map[string]json.RawMessage // what issues carried when it was kept
}

// verb is one word of the language. It returns what was seen.
type verb struct {
	do     func(h *Harness, ctx context.Context, args []string) (string, error)
	expect bool // an expectation: waits, and can be negated
}

func (h *Harness) verbs() map[string]verb {
	return map[string]verb{
		"slack":     {do: (*Harness).slack},
		"dm":        {do: (*Harness).seeDM, expect: true},
		"channel":   {do: (*Harness).seeChannel, expect: true},
		"pinned":    {do: (*Harness).seePinned, expect: true},
		"view":      {do: (*Harness).seeView, expect: true},
		"thread":    {do: (*Harness).seeThread, expect: true},
		"whisper":   {do: (*Harness).seeWhisper, expect: true},
		"offers":    {do: (*Harness).seeOffer, expect: true},
		"home":      {do: (*Harness).seeHome, expect: true},
		"browser":   {do: (*Harness).browser},
		"okta":      {do: (*Harness).okta},
		"directory": {do: (*Harness).directory},
		"jira":      {do: (*Harness).jira},
		"company":   {do: (*Harness).company},
		"clock":     {do: (*Harness).clock},
		"both":      {do: (*Harness).both},
	}
}

// Do carries out one line, already split into words, and returns what was seen.
// A first word "!" negates an expectation.
func (h *Harness) Do(ctx context.Context, words ...string) (string, error) {
	negated := len(words) > 0 && words[0] == "!"
	if negated {
		words = words[1:]
	}
	if len(words) == 0 {
		return "", errors.New("nothing to do: write for example: slack maya '/access'")
	}
	if len(words) == 1 && words[0] == "help" {
		return Help(), nil
	}
	v, ok := h.verbs()[words[0]]
	if !ok {
		return "", unknown(words[0])
	}
	expect := Expects(words)
	if negated && !expect {
		return "", fmt.Errorf("%q can't be negated: it is not something to see", strings.Join(words, " "))
	}
	if !expect {
		return v.do(h, ctx, words[1:])
	}
	return h.await(ctx, negated, words, v)
}

// ErrUnplayable says that a line can't be carried out as it is written: it names nobody, nothing that can be done, or an
// input that isn't there. Whoever expects to be refused expects it of what is played: such a line is a mistake.
var ErrUnplayable = errors.New("the line can't be played as it is written")

func unplayable(err error) error { return fmt.Errorf("%w: %w", ErrUnplayable, err) }

// Expects tells whether a line is an expectation: something to see, which is
// waited for and can be negated. Everything else is an action.
func Expects(words []string) bool {
	if len(words) == 0 {
		return false
	}
	if v := (&Harness{}).verbs()[words[0]]; v.expect {
		return true
	}
	if len(words) < 3 {
		return words[0] == "jira" && len(words) == 2
	}
	switch words[0] {
	case "okta":
		return words[1] == "has" || words[1] == "sessions"
	case "directory":
		return words[2] == "has" || words[2] == "knows"
	case "browser":
		return words[2] == "sees"
	case "jira":
		return strings.Contains(words[1], "-") || words[1] == "issues"
	}
	return false
}

func (h *Harness) await(ctx context.Context, negated bool, words []string, v verb) (saw string, err error) {
	ctx, cancel := h.waiting(ctx)
	defer cancel()
	if !negated {
		defer h.askingAgain(ctx, words)()
	}
	err = h.World.Eventually(ctx, func() error {
		var err error
		saw, err = v.do(h, ctx, words[1:])
		if !negated {
			return err
		}
		if err == nil {
			return fmt.Errorf("expected not to see it, but: %s", saw)
		}
		saw, _ = "not "+strings.Join(words[1:], " "), err
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("%s: %w", strings.Join(words, " "), err)
	}
	return saw, nil
}

// onSight finds something and acts on it. Latchkey may replace what was found before the
// hand is there: then it is looked for again, as by somebody who presses what is there now.
// What doesn't come back is an error once there was time enough. Nothing is done twice.
func (h *Harness) onSight(ctx context.Context, act func() (string, error)) (saw string, err error) {
	waiting, cancel := h.waiting(ctx)
	defer cancel()
	_ = h.World.Eventually(waiting, func() error {
		if saw, err = act(); errors.Is(err, slack.ErrGone) {
			return err
		}
		return nil
	})
	return saw, err
}

// both carries out two lines at the same instant: both 'slack noor click Approve'
// 'slack maya click Deny'. One of them may be told that it came second.
func (h *Harness) both(ctx context.Context, args []string) (string, error) {
	if len(args) != 2 {
		return "", errors.New("both: write two lines, each in quotes")
	}
	type result struct {
		saw string
		err error
	}
	results := make(chan result, len(args))
	for _, line := range args {
		words, err := Line(line)
		if err != nil {
			return "", err
		}
		go func() {
			saw, err := h.Do(ctx, words...)
			results <- result{saw, err}
		}()
	}
	a, b := <-results, <-results
	return a.saw + "; " + b.saw, errors.Join(a.err, b.err)
}

// waiting bounds a wait by the harness's timeout.
func (h *Harness) waiting(ctx context.Context) (context.Context, context.CancelFunc) {
	if h.Timeout > 0 {
		return context.WithTimeout(ctx, h.Timeout)
	}
	return context.WithTimeout(ctx, Timeout)
}

// Line splits a line into words as a shell does: single quotes keep a word
// together, two of them inside a quoted word stand for one.
func Line(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	quoted, inWord := false, false
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case quoted && r == '\'' && i+1 < len(runes) && runes[i+1] == '\'':
			word.WriteRune('\'')
			i++
		case r == '\'':
			quoted, inWord = !quoted, true
		case !quoted && (r == ' ' || r == '\t' || r == '\n'):
			if inWord {
				words, inWord = append(words, word.String()), false
				word.Reset()
			}
		default:
			word.WriteRune(r)
			inWord = true
		}
	}
	if quoted {
		return nil, errors.New("a quote is not closed")
	}
	if inWord {
		words = append(words, word.String())
	}
	return words, nil
}

// contains looks for a pattern in text: its parts, divided by "…", in order.
// White space counts as one blank.
func contains(text, pattern string) bool {
	rest := strings.Join(strings.Fields(text), " ")
	for part := range strings.SplitSeq(pattern, "…") {
		part = strings.Join(strings.Fields(part), " ")
		i := strings.Index(rest, part)
		if i < 0 {
			return false
		}
		rest = rest[i+len(part):]
	}
	return true
}

// clock moves the world's time: clock +6h, clock -1h, clock +14d, and clock Monday to the
// next Monday at nine (UTC), for what depends on the day of the week.
func (h *Harness) clock(_ context.Context, args []string) (string, error) {
	if len(args) != 1 {
		return "", errors.New("write for example: clock +6h")
	}
	if args[0] == "Monday" {
		h.World.Clock.Advance(untilMonday(h.World.Clock.Now()))
		return h.itIs(), nil
	}
	text := strings.TrimPrefix(args[0], "+")
	days := 0
	if n, rest, ok := strings.Cut(text, "d"); ok {
		if _, err := fmt.Sscan(n, &days); err != nil {
			return "", fmt.Errorf("clock: %q is not a duration", args[0])
		}
		text = rest
	}
	d := time.Duration(days) * 24 * time.Hour
	if text != "" {
		more, err := time.ParseDuration(text)
		if err != nil {
			return "", fmt.Errorf("clock: %q is not a duration", args[0])
		}
		d += more
	}
	h.World.Clock.Advance(d)
	return h.itIs(), nil
}

func (h *Harness) itIs() string {
	return "it is " + h.World.Clock.Now().UTC().Format("Mon 2 Jan 15:04 MST")
}

// untilMonday is how long it is to the next Monday at nine.
func untilMonday(now time.Time) time.Duration {
	nine := now.UTC().Truncate(24 * time.Hour).Add(9 * time.Hour)
	for nine.Weekday() != time.Monday || !nine.After(now) {
		nine = nine.Add(24 * time.Hour)
	}
	return nine.Sub(now)
}

// options reads key=value words.
func options(words []string) map[string]string {
	out := map[string]string{}
	for _, w := range words {
		k, v, _ := strings.Cut(w, "=")
		out[k] = v
	}
	return out
}
