package value

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"text/template"
)

func TestSecretShowsItselfToNobody(t *testing.T) {
	s := NewSecret("hunter2-hunter2")
	hidden := struct{ inner Secret }{s} // fmt can't call methods here
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%10.3s", "%t"} {
		for _, value := range []any{s, &s, []Secret{s}, map[string]Secret{"k": s}, struct{ S Secret }{s}, hidden, &hidden} {
			shown := fmt.Sprintf(verb, value)
			for _, leak := range []string{"hunter", fmt.Sprintf("%x", "hunter"), fmt.Sprintf("%X", "hunter")} {
				if strings.Contains(shown, leak) {
					t.Errorf("%s of %T shows %q", verb, value, shown)
				}
			}
		}
	}
	if got := fmt.Sprint(s); got != redacted {
		t.Errorf("printed as %q", got)
	}
	if s.String() != redacted || s.GoString() != redacted || s.LogValue().String() != redacted {
		t.Error("String, GoString or LogValue shows something else")
	}
	if s.Reveal() != "hunter2-hunter2" || s.IsZero() || !(Secret{}).IsZero() || (Secret{}).Reveal() != "" {
		t.Error("Reveal or IsZero is wrong")
	}
}

func TestSecretMarshalsAsRedacted(t *testing.T) {
	s := NewSecret("hunter2-hunter2")
	asJSON, err := json.Marshal(map[string]any{"a": s, "b": &s, "c": struct{ S Secret }{s}, "d": map[string]any{"e": []Secret{s, {}}}})
	if err != nil || strings.Contains(string(asJSON), "hunter") || strings.Count(string(asJSON), redacted) != 5 {
		t.Errorf("JSON is %s (%v)", asJSON, err)
	}
	if text, err := s.MarshalText(); err != nil || string(text) != redacted {
		t.Errorf("text is %q (%v)", text, err)
	}
	var page bytes.Buffer
	if err := template.Must(template.New("").Parse("{{.}} {{printf `%s` .}}")).Execute(&page, s); err != nil || strings.Contains(page.String(), "hunter") {
		t.Errorf("a template shows %q (%v)", page.String(), err)
	}
}

func remembered(secrets ...Secret) *Secrets {
	var s Secrets
	for _, secret := range secrets {
		s.Keep(secret.Reveal())
	}
	return &s
}

// logged writes one record through a redacting handler, as text and as JSON.
func logged(secrets []Secret, write func(*slog.Logger)) string {
	var out bytes.Buffer
	options := &slog.HandlerOptions{Level: slog.LevelDebug}
	for _, h := range []slog.Handler{slog.NewTextHandler(&out, options), slog.NewJSONHandler(&out, options)} {
		write(slog.New(Redacting(h, remembered(secrets...))))
	}
	return out.String()
}

type talkative struct{ Word string }

func (v talkative) String() string { return "I say " + v.Word }

type deferred struct{ word string }

func (v deferred) LogValue() slog.Value {
	return slog.GroupValue(slog.String("inner", v.word), slog.Any("more", errors.New(v.word)))
}

func TestRedactingReachesEverywhere(t *testing.T) {
	const word = "s3cret/with \"quotes\" & <more>"
	secrets := []Secret{NewSecret(word)}
	for name, write := range map[string]func(*slog.Logger){
		"message":      func(l *slog.Logger) { l.Info("it is " + word) },
		"attribute":    func(l *slog.Logger) { l.Info("m", "k", word) },
		"key":          func(l *slog.Logger) { l.Info("m", word, 1) },
		"error":        func(l *slog.Logger) { l.Info("m", "error", fmt.Errorf("calling: %w", errors.New(word))) },
		"joined error": func(l *slog.Logger) { l.Info("m", "error", errors.Join(errors.New("a"), errors.New(word))) },
		"Stringer":     func(l *slog.Logger) { l.Info("m", "k", talkative{word}) },
		"LogValuer":    func(l *slog.Logger) { l.Info("m", "k", deferred{word}) },
		"group":        func(l *slog.Logger) { l.Info("m", slog.Group("a", slog.Group("b", "c", word, "d", talkative{word}))) },
		"With":         func(l *slog.Logger) { l.With("k", word, "g", deferred{word}).Info("m") },
		"WithGroup":    func(l *slog.Logger) { l.WithGroup(word).WithGroup("b").Info("m", "k", word) },
		"struct":       func(l *slog.Logger) { l.Info("m", "k", struct{ A, B string }{"x", word}) },
		"pointer":      func(l *slog.Logger) { l.Info("m", "k", &struct{ A *string }{ptr(word)}) },
		"map":          func(l *slog.Logger) { l.Info("m", "k", map[string][]string{"Authorization": {word}}) },
		"bytes":        func(l *slog.Logger) { l.Info("m", "k", []byte(word)) },
		"quoted":       func(l *slog.Logger) { l.Info(fmt.Sprintf("got %q", word)) },
		"URL":          func(l *slog.Logger) { l.Info("GET https://x.example/?q=" + url.QueryEscape(word)) },
		"Secret":       func(l *slog.Logger) { l.Info("m", "k", NewSecret(word), "s", struct{ S Secret }{NewSecret(word)}) },
	} {
		out := logged(secrets, write)
		if strings.Contains(out, "s3cret") || !strings.Contains(out, redacted) {
			t.Errorf("%s: %s", name, out)
		}
	}
}

func ptr(s string) *string { return &s }

func TestRedactingKnowsCredentialsBySight(t *testing.T) {
	for _, text := range []string{
		"xoxb-123-456-MARK", "xoxp-1-MARK", "xoxe.xoxp-1-MARK", "xapp-1-A02-333-MARK", "wrapped(xoxb-1-MARK)",
		"Authorization: SSWS 00MARKabcdef", "Authorization: Bearer abc.MARK-123", "authorization: bearer MARK1234", "Basic dXNlcjpMARK==",
		"eyJhbGciOiJSUzI1NiJ9.eyJMARKfQ.c2lnMARK_-", "ATATT3xFfGF0MARK-_=ABC", "https://hooks.slack.com/commands/T1/2/MARK",
		"postgres://latchkey:MARKword@db.example/x", "wss://wss-primary.slack.com/link/?ticket=MARK&app_id=1", "client_secret=MARK",
		"-----BEGIN RSA PRIVATE KEY-----\nMARK\n-----END RSA PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----\nMARK cut off",
	} {
		out := logged(nil, func(l *slog.Logger) { l.Info("a "+text+" b", "k", text, "e", errors.New(text)) })
		if strings.Contains(out, "MARK") || strings.Count(out, redacted) < 6 {
			t.Errorf("%s is logged as %s", text, out)
		}
	}
}

func TestRedactingFindsPartsOfSecrets(t *testing.T) {
	secrets := []Secret{NewSecret("first-line-of-key\nsecond-line-of-key\n"), NewSecret("postgres://u:db-password@h/d"), NewSecret("tiny"), {}}
	out := logged(secrets, func(l *slog.Logger) {
		l.Info("second-line-of-key", "a", "db-password", "b", "first-line-of-key\nsecond-line-of-key", "c", "a tiny thing")
	})
	if strings.Contains(out, "-line-") || strings.Contains(out, "db-password") {
		t.Errorf("parts are logged: %s", out)
	}
	if !strings.Contains(out, "a tiny thing") {
		t.Errorf("a word too short to be a secret is gone: %s", out)
	}
}

func TestRedactingLeavesTheRestAlone(t *testing.T) {
	var got []slog.Attr
	h := Redacting(keep{&got}, remembered(NewSecret("irrelevant")))
	if h.Enabled(context.Background(), slog.LevelDebug) {
		t.Error("a level the inner handler refuses is enabled")
	}
	plain := map[string]int{"a": 1}
	slog.New(h).Info("Priya asked for basic access; the bearer is Tom", "n", 7, "ok", true, "m", plain, "nil", nil, "text", "group okta:figma-editors")
	if len(got) != 5 || got[0].Value.Int64() != 7 || !got[1].Value.Bool() || got[4].Value.String() != "group okta:figma-editors" {
		t.Errorf("attributes are %v", got)
	}
	if m, ok := got[2].Value.Any().(map[string]int); !ok || m["a"] != 1 {
		t.Errorf("a harmless value has become %v", got[2].Value)
	}
}

// keep is a handler that keeps the attributes it gets.
type keep struct{ attrs *[]slog.Attr }

func (keep) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelInfo }
func (k keep) WithAttrs([]slog.Attr) slog.Handler         { return k }
func (k keep) WithGroup(string) slog.Handler              { return k }
func (k keep) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool { *k.attrs = append(*k.attrs, a); return true })
	return nil
}

// FuzzRedacting hides a secret in arbitrary surroundings.
func FuzzRedacting(f *testing.F) {
	f.Add("zebra-crossing", "before ", " after")
	f.Add("a\"b\\c\nd<e>", "{\"", "\"}")
	f.Add("xoxb-1-2", "xoxb-", "-3")
	f.Add("Grüße, 世界!", "Bearer ", "=")
	f.Add("[redacted][", "eyJ", ".a.b")
	f.Fuzz(func(t *testing.T, secret, before, after string) {
		if len(secret) < shortestSecret || strings.ContainsAny(before+after, secret) || strings.ContainsAny(secret, redacted+"MeyJ") {
			return // the surroundings would look like the secret by themselves
		}
		var got []slog.Attr
		line := before + secret + after
		slog.New(Redacting(keep{&got}, remembered(NewSecret(secret)))).Info("m", "a", line, "b", errors.New(line), "c", slog.GroupValue(slog.String("d", line)))
		for _, a := range got {
			if strings.Contains(fmt.Sprint(a.Value), secret) {
				t.Errorf("%q is logged as %q", line, a.Value)
			}
		}
	})
}
