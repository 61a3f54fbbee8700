package value

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shortestSecret is how long a value must be to be searched for in log lines.
// Shorter ones would blot out ordinary words, and no vendor issues them.
const shortestSecret = 6

// Without takes secrets that are remembered, and whatever looks like a credential, out of texts that go further than the log.
func Without(secrets *Secrets) func(text string) string {
	return (&scrubber{secrets: secrets, shapes: credentialShapes()}).text
}

// Redacting wraps a handler so that neither the secrets that are remembered nor
// anything that looks like a credential reaches it: not in messages, keys,
// attributes, nested groups, errors or values that print themselves.
func Redacting(h slog.Handler, secrets *Secrets) slog.Handler {
	return &redactingHandler{next: h, scrub: &scrubber{secrets: secrets, shapes: credentialShapes()}}
}

type redactingHandler struct {
	next  slog.Handler
	scrub *scrubber
}

// Enabled implements slog.Handler.
func (h *redactingHandler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h *redactingHandler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, h.scrub.text(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.scrub.attr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

// WithAttrs implements slog.Handler.
func (h *redactingHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &redactingHandler{next: h.next.WithAttrs(h.scrub.attrs(attrs)), scrub: h.scrub}
}

// WithGroup implements slog.Handler.
func (h *redactingHandler) WithGroup(name string) slog.Handler {
	return &redactingHandler{next: h.next.WithGroup(h.scrub.text(name)), scrub: h.scrub}
}

// scrubber takes credentials out of text. It is safe for concurrent use.
type scrubber struct {
	secrets *Secrets
	shapes  []shape

	mu    sync.Mutex
	known *strings.Replacer
	count int // of the secrets that known knows
}

// shape is what a kind of credential looks like, and what is left of it.
type shape struct {
	pattern *regexp.Regexp
	leave   string
}

// replacer knows the secrets that are remembered by now.
func (s *scrubber) replacer() *strings.Replacer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.secrets.count(); s.known == nil || n != s.count {
		var pairs []string
		for _, form := range writtenForms(s.secrets.All()) {
			pairs = append(pairs, form, redacted)
		}
		s.known, s.count = strings.NewReplacer(pairs...), n
	}
	return s.known
}

// credentialShapes lists what the vendors' credentials look like: Slack tokens
// and response URLs, Okta API tokens, Atlassian API tokens, HTTP authorization,
// JSON Web Tokens, private keys, and passwords inside URLs.
func credentialShapes() []shape {
	return []shape{
		{regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`), redacted},
		{regexp.MustCompile(`(?i)xox[a-z](?:\.xox[a-z])?-[\w.%-]+`), redacted},
		{regexp.MustCompile(`(?i)xapp-[\w.%-]+`), redacted},
		{regexp.MustCompile(`ATATT[\w=-]{8,}`), redacted},
		{regexp.MustCompile(`(?i)\bSSWS\s+[^\s"',;]+`), "SSWS " + redacted},
		{regexp.MustCompile(`(?i)\b(Bearer|Basic)\s+[\w.~+/=-]{6,}`), "${1} " + redacted},
		{regexp.MustCompile(`eyJ[\w-]+\.[\w-]+\.[\w-]*`), redacted},
		{regexp.MustCompile(`(?i)https://hooks\.slack\.com/[^\s"'<>]+`), redacted},
		{regexp.MustCompile(`://[^/\s:@"]*:[^/\s@"]+@`), "://" + redacted + "@"},
		{regexp.MustCompile(`(?i)\b(ticket|token|access_token|refresh_token|client_secret|client_assertion|api_key|password)=[^&\s"']+`), "${1}=" + redacted},
	}
}

// writtenForms lists the ways a secret may turn up in a log line: as it is, as
// quoted by Go or JSON, as escaped in a URL; line by line if it has several
// lines; and the password alone if it is a URL. Longest first.
func writtenForms(secrets []Secret) []string {
	var forms []string
	for _, s := range secrets {
		for _, part := range secretParts(s.Reveal()) {
			forms = append(forms, escapedForms(part)...)
		}
	}
	forms = slices.DeleteFunc(forms, func(f string) bool { return len(f) < shortestSecret })
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b)) })
	return slices.Compact(forms)
}

func secretParts(value string) []string {
	parts := []string{value}
	if lines := strings.Split(value, "\n"); len(lines) > 1 {
		for _, line := range lines {
			parts = append(parts, strings.TrimSpace(line))
		}
	}
	if u, err := url.Parse(value); err == nil && u.User != nil {
		if password, ok := u.User.Password(); ok {
			parts = append(parts, password)
		}
	}
	return parts
}

func escapedForms(text string) []string {
	quoted := strconv.Quote(text)
	forms := []string{text, quoted[1 : len(quoted)-1], url.QueryEscape(text), url.PathEscape(text)}
	if asJSON, err := json.Marshal(text); err == nil {
		forms = append(forms, string(asJSON[1:len(asJSON)-1]))
	}
	return forms
}

func (s *scrubber) text(text string) string {
	text = s.replacer().Replace(text)
	for _, shape := range s.shapes {
		text = shape.pattern.ReplaceAllString(text, shape.leave)
	}
	return text
}

func (s *scrubber) attrs(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = s.attr(a)
	}
	return clean
}

func (s *scrubber) attr(a slog.Attr) slog.Attr {
	a.Key = s.text(a.Key)
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(s.text(v.String()))
	case slog.KindGroup:
		a.Value = slog.GroupValue(s.attrs(v.Group())...)
	case slog.KindAny:
		a.Value = s.any(v.Any())
	default:
		a.Value = v
	}
	return a
}

// any passes a value on as it is unless one of the ways in which a handler may
// print it shows a credential; then only the cleaned text goes on.
func (s *scrubber) any(v any) slog.Value {
	if b, ok := v.([]byte); ok {
		return slog.StringValue(s.text(string(b)))
	}
	printed := []string{fmt.Sprint(v), fmt.Sprintf("%+v", v)}
	if asJSON, err := json.Marshal(v); err == nil {
		printed = append(printed, string(asJSON))
	}
	for _, text := range printed {
		if clean := s.text(text); clean != text {
			return slog.StringValue(clean)
		}
	}
	return slog.AnyValue(v)
}
