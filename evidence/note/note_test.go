package note_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	latchkey "latchkey/evidence/note"
	"latchkey/evidence/note/notetest"
)

func noon() time.Time { return time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC) }

func text(t *testing.T, k latchkey.Kind, body any) string {
	t.Helper()
	out, err := latchkey.Compose(k, body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func sign(t *testing.T, s *latchkey.Signer, log string, k latchkey.Kind, text string) string {
	t.Helper()
	out, err := s.Sign(context.Background(), log, k, text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsSignedIsOpened(t *testing.T) {
	keys := notetest.Keys(notetest.Log)
	signed := sign(t, keys.Signer, notetest.Log, latchkey.State, text(t, latchkey.State, map[string]string{"a": "ä<\u2028🗝"}))
	got, err := keys.Trust.Open(latchkey.State, signed)
	if err != nil || got.Log != notetest.Log || len(got.By) != 1 || !got.By[0].Equal(keys.Signer.Public()) {
		t.Fatalf("%+v, %v", got, err)
	}
	var back map[string]string
	if err := got.Decode(&back); err != nil || back["a"] != "ä<\u2028🗝" {
		t.Errorf("%q, %v", back, err)
	}
	if strings.ContainsFunc(got.Text, func(r rune) bool { return r > 126 || r < 32 && r != '\n' }) {
		t.Errorf("the text is not ASCII: %q", got.Text)
	}
	// Go's own tools take it, too.
	v, err := note.NewVerifier(keys.Signer.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	if n, err := note.Open([]byte(signed), note.VerifierList(v)); err != nil || n.Text != got.Text {
		t.Errorf("%+v, %v", n, err)
	}
}

// The first line separates the kinds: no document passes for one of another.
func TestKindsAreNotMixedUp(t *testing.T) {
	keys := notetest.Keys(notetest.Log)
	all := map[latchkey.Kind]string{
		latchkey.State: "latchkey/state/v1\n{}\n", latchkey.Heads: "latchkey/heads/v1\n{}\n", latchkey.KeyChange: "latchkey/key/v1\n{}\n",
		latchkey.Checkpoint: notetest.Log + "\n5\nAAAA\n",
	}
	for is, text := range all {
		signed := sign(t, keys.Signer, notetest.Log, is, text)
		for as := range all {
			if _, err := keys.Trust.Open(as, signed); (err == nil) != (is == as) {
				t.Errorf("%s opened as %s: %v", is, as, err)
			}
			if _, err := keys.Signer.Sign(t.Context(), notetest.Log, as, text); (err == nil) != (is == as) {
				t.Errorf("%s signed as %s: %v", is, as, err)
			}
		}
	}
	newer := sign(t, keys.Signer, notetest.Log, "latchkey/state/v2", "latchkey/state/v2\n{}\n")
	if _, err := keys.Trust.Open(latchkey.State, newer); !errors.Is(err, latchkey.ErrNewer) {
		t.Errorf("a newer state: %v", err)
	}
}

func TestWhyANoteDoesNotCount(t *testing.T) {
	keys, others := notetest.Keys(notetest.Log), notetest.Keys(notetest.Log)
	state := text(t, latchkey.State, map[string]string{"a": "b"})
	signed := sign(t, keys.Signer, notetest.Log, latchkey.State, state)
	last := strings.LastIndex(signed, "=")
	loose := signed[:last-1] + string(signed[last-1]+1) + signed[last:] // bits of the base64 that mean nothing
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"nothing":              {"", latchkey.ErrUnsigned},
		"only the text":        {state, latchkey.ErrUnsigned},
		"a line behind it":     {signed + "x\n", latchkey.ErrUnsigned},
		"a stranger":           {sign(t, others.Signer, notetest.Log, latchkey.State, state), latchkey.ErrStranger},
		"another text":         {strings.Replace(signed, `"b"`, `"c"`, 1), latchkey.ErrForged},
		"another log's name":   {strings.Replace(signed, "— "+notetest.Log, "— acme.test/latchkey/zzzzzzzz/1", 1), latchkey.ErrStranger},
		"meaningless bits":     {loose, latchkey.ErrForged},
		"the next log's name":  {strings.Replace(signed, "— "+notetest.Log, "— acme.test/latchkey/7f3k9q2m/2", 1), latchkey.ErrStranger},
		"a carriage return":    {strings.ReplaceAll(signed, "\n", "\r\n"), latchkey.ErrUnsigned},
		"a signature twice":    {signed + signed[strings.Index(signed, "— "):], nil},
		"a stranger's besides": {signed + "— witness.example AAAAAAAAAAAA\n", nil},
	} {
		if _, err := keys.Trust.Open(latchkey.State, c.text); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := (latchkey.Trust{}).Open(latchkey.State, signed); !errors.Is(err, latchkey.ErrStranger) {
		t.Errorf("without any key: %v", err)
	}
}

// A key goes on signing for the logs that come after the one it was made for.
func TestAKeyCountsForEveryEpoch(t *testing.T) {
	keys := notetest.Keys(notetest.Log)
	const next = "acme.test/latchkey/7f3k9q2m/2"
	signed := sign(t, keys.Signer, next, latchkey.Checkpoint, next+"\n5\nAAAA\n")
	if o, err := keys.Trust.Open(latchkey.Checkpoint, signed); err != nil || o.Log != next {
		t.Errorf("%+v, %v", o, err)
	}
	public, err := latchkey.ParsePublic(keys.Signer.Public().In(next))
	if err != nil || public.Name() != next || !public.Equal(keys.Signer.Public()) {
		t.Errorf("%v, %v", public, err)
	}
	if _, err := keys.Signer.Sign(t.Context(), "acme.test/latchkey/other000/1", latchkey.State, "latchkey/state/v1\n{}\n"); err == nil {
		t.Error("it signs for another installation")
	}
}

func TestNamesOfLogs(t *testing.T) {
	for name, n := range map[string]int{
		"acme.test/latchkey/7f3k9q2m/1": 1, "acme.test/latchkey/7f3k9q2m/12": 12, "acme.test/latchkey/7f3k9q2m/0": 0, "acme.test/latchkey/7f3k9q2m/01": 0,
		"acme.test/latchkey/7f3k9q2m": 0, "latchkey/state/v1": 0, "/latchkey/x/1": 0, "a b/latchkey/x/1": 0, "a+b/latchkey/x/1": 0, "": 0,
	} {
		if _, got, err := latchkey.Epoch(name); got != n || (err == nil) != (n > 0) {
			t.Errorf("%q is epoch %d, %v; want %d", name, got, err, n)
		}
	}
}

func TestTooMuchToSign(t *testing.T) {
	keys := notetest.Keys(notetest.Log)
	long := text(t, latchkey.State, map[string]string{"a": strings.Repeat("x", latchkey.Limit)})
	if _, err := keys.Signer.Sign(t.Context(), notetest.Log, latchkey.State, long); err == nil || !strings.Contains(err.Error(), "no more than 4095") {
		t.Error(err)
	}
}

// keyFile makes a key and loads it.
func keyFile(t *testing.T) (path string, keys latchkey.Keys) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "evidence.key")
	if _, err := latchkey.Create(path, notetest.Log); err != nil {
		t.Fatal(err)
	}
	return path, load(t, path, noon())
}

func load(t *testing.T, path string, at time.Time) latchkey.Keys {
	t.Helper()
	keys := latchkey.Load(latchkey.Source{File: path}, func() time.Time { return at })
	if keys.Lacking != nil {
		t.Fatal(keys.Lacking)
	}
	return keys
}

// 53: for thirty days both keys sign, then only the new one does; what the old one
// signed in time counts on.
func TestAttack53Rotation(t *testing.T) {
	path, before := keyFile(t)
	state := text(t, latchkey.State, map[string]string{})
	old := sign(t, before.Signer, notetest.Log, latchkey.State, state)
	done, err := latchkey.Rotate(path, notetest.Log, noon(), time.Time{})
	if err != nil || !done.Old.Equal(before.Signer.Public()) || !done.Until.Equal(noon().Add(latchkey.Overlap)) {
		t.Fatalf("%+v, %v", done, err)
	}
	after := load(t, path, noon().Add(time.Hour))
	if _, err := after.Trust.Open(latchkey.State, old); err != nil {
		t.Errorf("what the old key signed: %v", err)
	}
	both := sign(t, after.Signer, notetest.Log, latchkey.State, state)
	if strings.Count(both, "\n— ") != 2 {
		t.Errorf("during the overlap it is signed\n%s", both)
	}
	if _, err := before.Trust.Open(latchkey.State, both); err != nil {
		t.Errorf("who knows only the old key: %v", err)
	}
	late := load(t, path, noon().Add(latchkey.Overlap))
	alone := sign(t, late.Signer, notetest.Log, latchkey.State, state)
	if strings.Count(alone, "\n— ") != 1 {
		t.Errorf("after the overlap it is signed\n%s", alone)
	}
	o, err := late.Trust.Open(latchkey.State, old)
	if err != nil || o.Retired(noon()) || !o.Retired(noon().Add(latchkey.Overlap)) {
		t.Errorf("%+v, %v", o, err)
	}
	if _, err := latchkey.Rotate(path, notetest.Log, noon().Add(2*latchkey.Overlap), time.Time{}); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "PRIVATE+KEY") != 2 || strings.Count(string(text), "\n") != 3 {
		t.Errorf("there are %d secret halves: that of a key that is over is kept; %v", strings.Count(string(text), "PRIVATE+KEY"), err)
	}
}

// What a service shows of a key that it keeps becomes a line that opens what it signs.
func TestAPublicKeyOfAKeyService(t *testing.T) {
	public, secret, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := x509.MarshalPKIXPublicKey(&other.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	inPEM := func(der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}) }
	for _, form := range [][]byte{inPEM(der), []byte(base64.StdEncoding.EncodeToString(der)), append([]byte("key:\n"), inPEM(der)...)} {
		p, err := latchkey.ReadPublic(notetest.Log, form)
		if err != nil {
			t.Fatal(err)
		}
		again, err := latchkey.ParsePublic(p.String())
		if err != nil || !again.Equal(p) || p.Name() != notetest.Log {
			t.Errorf("%s: %v", p, err)
		}
		v, err := note.NewVerifier(p.String())
		if err != nil || !v.Verify([]byte("text"), ed25519.Sign(secret, []byte("text"))) {
			t.Errorf("%s does not verify: %v", p, err)
		}
	}
	for form, want := range map[string]string{
		"": "no public key", "-----BEGIN PUBLIC KEY-----": "no public key", string(inPEM(wrong)): "another kind", string(inPEM(der[:20])): "no public key",
	} {
		if _, err := latchkey.ReadPublic(notetest.Log, []byte(form)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", form, err)
		}
	}
}

func TestAStolenKeySignsNothingAnyMore(t *testing.T) {
	path, before := keyFile(t)
	stolen := noon().Add(-time.Hour)
	if _, err := latchkey.Rotate(path, notetest.Log, noon(), stolen); err != nil {
		t.Fatal(err)
	}
	after := load(t, path, noon())
	state := text(t, latchkey.State, map[string]string{})
	if signed := sign(t, after.Signer, notetest.Log, latchkey.State, state); strings.Count(signed, "\n— ") != 1 {
		t.Error("the stolen key still signs")
	}
	o, err := after.Trust.Open(latchkey.State, sign(t, before.Signer, notetest.Log, latchkey.State, state))
	if since, is := o.Stolen(); err != nil || !is || !since.Equal(stolen) {
		t.Errorf("%+v, %v", o, err)
	}
}

// 57: a key that others can read, or that lies beside the store, is refused.
func TestAttack57KeyFilesThatAreRefused(t *testing.T) {
	path, _ := keyFile(t)
	for name, c := range map[string]struct {
		does func() latchkey.Source
		says string
	}{
		"readable by others": {func() latchkey.Source {
			if err := os.Chmod(path, 0o644); err != nil {
				t.Fatal(err)
			}
			return latchkey.Source{File: path}
		}, "chmod 600"},
		"beside the store": {func() latchkey.Source {
			return latchkey.Source{File: path, Store: filepath.Join(filepath.Dir(path), "latchkey.db")}
		}, "beside the store"},
		"beside the store, by another way": {func() latchkey.Source {
			link := filepath.Join(t.TempDir(), "link")
			if err := os.Symlink(filepath.Dir(path), link); err != nil {
				t.Fatal(err)
			}
			return latchkey.Source{File: path, Store: filepath.Join(link, "latchkey.db")}
		}, "beside the store"},
		"not there":       {func() latchkey.Source { return latchkey.Source{File: path + "x"} }, "no signing key at"},
		"nothing is said": {func() latchkey.Source { return latchkey.Source{} }, "name a file"},
		"no key":          {func() latchkey.Source { return latchkey.Source{Text: "PRIVATE+KEY+s3cret"} }, "begins with PRIVATE+KEY+"},
		"from nowhere":    {func() latchkey.Source { return latchkey.Source{Missing: "EVIDENCE_KEY is not set"} }, "EVIDENCE_KEY is not set"},
	} {
		keys := latchkey.Load(c.does(), noon)
		if keys.Signer != nil || keys.Lacking == nil || !strings.Contains(keys.Lacking.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, keys.Lacking, c.says)
		}
		if keys.Lacking != nil && strings.Contains(keys.Lacking.Error(), "s3cret") {
			t.Errorf("%s shows the secret: %v", name, keys.Lacking)
		}
	}
}

func TestAKeyIsNeverWrittenOver(t *testing.T) {
	path, _ := keyFile(t)
	if _, err := latchkey.Create(path, notetest.Log); err == nil {
		t.Error("a key was written over")
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 1 {
		t.Errorf("beside it lies %v, %v", left, err)
	}
}

// A command signs as a key does; what it says wrongly is noticed.
func TestACommandSigns(t *testing.T) {
	keys := notetest.Keys(notetest.Log)
	command := func(script string) latchkey.Keys {
		return latchkey.Load(latchkey.Source{Command: []string{"sh", "-c", script}, Trust: []latchkey.Trusted{{Public: keys.Signer.Public()}}}, noon)
	}
	state := text(t, latchkey.State, map[string]string{})
	signed := sign(t, keys.Signer, notetest.Log, latchkey.State, state)
	line := signed[strings.Index(signed, "— ")+len("— "+notetest.Log+" "):]
	sig := fmt.Sprintf("printf %%s '%s' | base64 -d | tail -c 64", strings.TrimSpace(line))
	for name, script := range map[string]string{"raw": "cat >/dev/null; " + sig, "in base64": "cat >/dev/null; " + sig + " | base64"} {
		got, err := command(script).Signer.Sign(t.Context(), notetest.Log, latchkey.State, state)
		if err != nil || got != signed {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for name, c := range map[string]struct{ script, says string }{
		"it fails":            {"cat >/dev/null; echo no key >&2; exit 3", "no key"},
		"it says something":   {"cat >/dev/null; echo hello", "64 bytes"},
		"with another key":    {"cat >/dev/null; head -c 64 /dev/zero", "does not fit the public key"},
		"of another text":     {"cat >/dev/null; " + sig, "does not fit the public key"},
		"it can't be started": {"", ""},
	} {
		other := text(t, latchkey.State, map[string]string{"other": name})
		if c.script == "" {
			keys := latchkey.Load(latchkey.Source{Command: []string{"/nowhere/sign"}, Trust: []latchkey.Trusted{{Public: keys.Signer.Public()}}}, noon)
			if _, err := keys.Signer.Sign(t.Context(), notetest.Log, latchkey.State, other); err == nil {
				t.Errorf("%s: no error", name)
			}
			continue
		}
		if _, err := command(c.script).Signer.Sign(t.Context(), notetest.Log, latchkey.State, other); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if keys := latchkey.Load(latchkey.Source{Command: []string{"sign"}}, noon); keys.Lacking == nil {
		t.Error("a command without a public key is taken")
	}
}

func FuzzOpen(f *testing.F) {
	keys := notetest.Keys(notetest.Log)
	signed, err := keys.Signer.Sign(context.Background(), notetest.Log, latchkey.State, "latchkey/state/v1\n{}\n")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Fuzz(func(t *testing.T, text string) {
		if o, err := keys.Trust.Open(latchkey.State, text); err == nil && o.Text != "latchkey/state/v1\n{}\n" {
			t.Errorf("%q was opened, and nobody has signed it", o.Text)
		}
	})
}
