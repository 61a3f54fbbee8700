package value

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestASecretInAFileIsReadAgain(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("first-token\n")
	doc, root := Read(Source{Name: "config.yaml", Text: []byte("a: ${file:" + file + "}\nb: x-${file:" + file + "}\nc: ${ENV}\n"),
		Env: func(string) (string, bool) { return "from-the-environment", true }})
	o := root.Object("a", "b", "c")
	a, b, c := o.Get("a").Token("set it"), o.Get("b").Token("set it"), o.Get("c").Token("set it")
	if err := doc.Err(); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct{ text, want string }{
		{"first-token\n", "first-token"}, {"second-token", "second-token"}, {"", "second-token"}, {"a login page, not a token", "second-token"}, {"third-token\r\n", "third-token"},
	} {
		write(step.text)
		if got := a.Current(); got != step.want {
			t.Errorf("with %q in the file it is %q", step.text, got)
		}
	}
	if a.Reveal() != "first-token" || b.Current() != "x-first-token" || c.Current() != "from-the-environment" {
		t.Errorf("others are %q, %q, %q", a.Reveal(), b.Current(), c.Current())
	}
	if err := os.Remove(file); err != nil || a.Current() != "third-token" {
		t.Errorf("without the file it is %q (%v)", a.Current(), err)
	}
}

func TestASecretThatWasReplacedIsNotLogged(t *testing.T) {
	var secrets Secrets
	var got []slog.Attr
	log := slog.New(Redacting(keep{&got}, &secrets))
	secrets.Keep("zebra-crossing")
	log.Info("m", "a", "zebra-crossing")
	secrets.Keep("pedestrian-bridge")
	log.Info("m", "b", "zebra-crossing pedestrian-bridge")
	for _, a := range got {
		if strings.Contains(a.Value.String(), "zebra") || strings.Contains(a.Value.String(), "bridge") {
			t.Errorf("%s is logged", a.Value)
		}
	}
}
