package app

import (
	"os"
	"strings"
	"testing"

	"latchkey/config"
)

// TestWhatADirectoryDoesntStateIsNotAskedOfIt: where a sign-in has to be of a level, and the directory states none, nobody's
// would ever count; that is said when the configuration is read.
func TestWhatADirectoryDoesntStateIsNotAskedOfIt(t *testing.T) {
	example, err := os.ReadFile("../config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	asked := `sign_in: {listen: "127.0.0.1:8080", url: "https://latchkey.acme.com", acr: ["phr"], amr: ["mfa"]}`
	const entra = "\n  - {id: corp, type: entra, tenant: acme.example, client_id: c, client_secret: \"${CORP_SECRET}\", sign_in_client: s}\n"
	for name, c := range map[string]struct {
		sign, directory string
		want            int // warnings of it
	}{
		"both":              {asked, entra, 2},
		"neither is asked":  {`sign_in: {listen: "127.0.0.1:8080", url: "https://latchkey.acme.com"}`, entra, 0},
		"nobody signs in":   {asked, strings.Replace(entra, ", sign_in_client: s", "", 1), 0},
		"one that does say": {asked, "\n", 0},
	} {
		text := strings.Replace(string(example), "\nstore:\n", c.directory+"\nstore:\n", 1)
		text = strings.Replace(text, "# sign_in_client: 0", "sign_in_client: 0", 1) + "\n" + c.sign + "\n"
		conf, err := config.Parse("config.yaml", []byte(text), func(string) (string, bool) { return "", false }, Backends())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		found := 0
		for _, w := range conf.Warnings {
			if strings.Contains(w.Problem, "corp states none") && strings.Contains(w.Problem, "Conditional Access") {
				found++
			}
		}
		if found != c.want {
			t.Errorf("%s: %d warnings of %+v", name, found, conf.Warnings)
		}
	}
}
