package app

import (
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"latchkey/config"
)

// anAddress is one in a configuration. What names a key of somebody is none.
var anAddress = regexp.MustCompile(`https://[a-z0-9.-]+(/[^"\s,}]*)?`)

// TestASecretInAnAddressIsRefused wherever the configuration names one, and the refusal doesn't repeat it: addresses stand in logs, in
// sentences and on pages.
func TestASecretInAnAddressIsRefused(t *testing.T) {
	const secret = "hush-hush-token"
	faults := func(text string) []string {
		_, err := config.Parse("config.yaml", []byte(text), func(string) (string, bool) { return "x", true }, Backends())
		if err == nil {
			return nil
		}
		return strings.Split(err.Error(), "\n")
	}
	seen := 0
	for _, file := range []string{"everything.yaml", "kinds.yaml"} {
		text := contents(t, filepath.Join("testdata", file))
		before := faults(text)
		for _, at := range anAddress.FindAllStringIndex(text, -1) {
			was, err := url.Parse(text[at[0]:at[1]])
			if err != nil {
				t.Fatal(err)
			}
			seen++
			for _, with := range []func(*url.URL){
				func(u *url.URL) { u.User = url.UserPassword("latchkey", secret) },
				func(u *url.URL) { u.User = url.User(secret) },
				func(u *url.URL) { u.RawQuery = "access_token=" + secret },
			} {
				u := *was
				with(&u)
				said := faults(text[:at[0]] + u.String() + text[at[1]:])
				if len(said) <= len(before) && !(u.Host == "kit.example" && u.User == nil) { // an app's own page is for everybody, whatever it is asked
					t.Errorf("%s: %s is taken", file, &u)
				}
				for _, one := range said {
					if strings.Contains(one, secret) {
						t.Errorf("%s: %s", file, one)
					}
				}
			}
		}
	}
	if seen < 9 {
		t.Errorf("only %d addresses were found", seen)
	}
}
