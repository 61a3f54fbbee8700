package cli

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"latchkey/evidence/note/notetest"
)

// somePack is the evidence of a review that tests of another room keep up to date, and packKey its key.
const (
	somePack = "../evidence/pack/auditor/testdata/pack"
	packKey  = "northwind.test/latchkey/7f3k9q2m/1+85651791+AUSbV21Wm9f00zR9vG7kPJxQGgfwD7PY8VguHyKtWVl6"
)

func verifying(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	c := verifyCommand()
	c.SetArgs(args)
	c.SetOut(&out)
	c.SetErr(&out)
	c.SilenceUsage, c.SilenceErrors = true, true
	err := c.ExecuteContext(t.Context())
	return out.String(), err
}

// copied is a copy of the pack, of which one file may be spoiled.
func copied(t *testing.T, spoil string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(somePack)); err != nil {
		t.Fatal(err)
	}
	if spoil != "" {
		if err := os.WriteFile(filepath.Join(dir, spoil), []byte("row\r\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func zipped(t *testing.T, dir string) string {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	if err := z.AddFS(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pack.zip")
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestVerifyAPack(t *testing.T) {
	whole := copied(t, "")
	stranger := notetest.Keys("northwind.test/latchkey/7f3k9q2m/1").Signer.Public().String()
	for name, c := range map[string]struct {
		args []string
		says string // of what it prints, or of its error
		ok   bool
	}{
		"a folder":           {[]string{whole, "--key", packKey}, "20 rows, 30 events of the log; 29 answers and removals go by these", true},
		"a ZIP file":         {[]string{zipped(t, whole), "--key", packKey}, "The pack is what was signed: review AC-7F3K9Q2M, run 4, closed", true},
		"as JSON":            {[]string{whole, "--key", packKey, "--json"}, `"included": 30`, true},
		"with its own key":   {[]string{whole}, "which proves little", true},
		"a changed file":     {[]string{copied(t, "decisions.csv"), "--key", packKey}, "BROKEN  decisions.csv is not the file that was signed", false},
		"a stranger's key":   {[]string{whole, "--key", stranger}, "signed with a key that is not trusted here", false},
		"no key at all":      {[]string{whole, "--key", "hello"}, "is no public key", false},
		"a folder with none": {[]string{t.TempDir(), "--key", packKey}, "this is no evidence of a review", false},
		"nothing there":      {[]string{filepath.Join(whole, "nowhere")}, "no such file", false},
		"something else":     {[]string{filepath.Join(whole, "campaign.json")}, "neither a folder nor a ZIP file", false},
		"a bundle, too":      {[]string{whole, "--bundle", "-"}, "leave --bundle and --local out", false},
		"two":                {[]string{whole, whole}, "takes one name", false},
	} {
		t.Run(name, func(t *testing.T) {
			out, err := verifying(t, c.args...)
			if err != nil {
				out += err.Error()
			}
			if (err == nil) != c.ok || !strings.Contains(out, c.says) {
				t.Errorf("%s", out)
			}
		})
	}
}
