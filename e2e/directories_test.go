package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"latchkey/app"
)

// directoryKinds are what stands under idp in the place of Okta's entry, by the kind of directory.
func directoryKinds() map[string]string {
	return map[string]string{
		"entra":  "  - {id: entra, type: entra, tenant: 72f988bf-86f1-41af-91ab-2d7cd011db47, client_id: 11111111-2222-4333-8444-555555555555, client_secret: \"${ENTRA_SECRET}\"}\n",
		"google": "  - {id: google, type: google, subject: latchkey@acme.example, key: \"${GOOGLE_KEY}\"}\n",
	}
}

// playedEverywhere are the stories of what every directory is for: somebody is given access, and its end; two roles share a
// group; a group, a person, an account gets another name or id; somebody leaves; memberships that nobody asked for.
func playedEverywhere() []string {
	return []string{"first_request", "overlap_upgrade", "time_return", "directories_stuck", "group_renamed", "identity_renamed", "directories_rehired", "leaver_holder", "reconcile_policies", "directories_reclaim"}
}

// playedOnly are further stories in Okta's place, by the kind of directory.
func playedOnly() map[string][]string {
	return map[string][]string{"google": {"directories_leaver", "reclaim_late"}, "entra": {"directories_leaver", "reclaim_late"}}
}

// playedBeside are the stories of two directories at once; the second one is of another kind.
func playedBeside() []string {
	return []string{"directories_two", "directories_end", "directories_undo", "directories_partial"}
}

// signInEntries are the same for kinds to which people can sign in. The line by which they can is switched on by
// the stories, as in the example.
func signInEntries() map[string]string {
	return map[string]string{
		"entra": "  - id: entra\n    type: entra\n    tenant: acme.example\n    client_id: 11111111-2222-4333-8444-555555555555\n    client_secret: ${ENTRA_SECRET}\n    # sign_in_client: 0oademosignin0000d697\n",
	}
}

// playedBySigningIn are the stories of signing in: with a code to prove an account, and with one or by a link to say yes.
func playedBySigningIn() []string {
	return []string{"verified_by_signing_in", "stepup_code", "stepup_approve"}
}

// secondEntry is the second directory as stories of two bring it.
const secondEntry = `{id: partners, type: okta, url: "https://acme-partners.okta.com", token: "${PARTNERS_TOKEN}"}`

// TestDirectories plays the same stories with each kind of directory that isn't Okta, in its place and beside it: only its
// name differs.
func TestDirectories(t *testing.T) {
	deadline, _ := t.Deadline()
	again := &replays{}
	for kind, entry := range directoryKinds() {
		stories := map[string][]byte{}
		for _, name := range playedEverywhere() {
			stories[name] = inDirectory(t, kind, entry, name)
		}
		if entry := signInEntries()[kind]; entry != "" {
			for _, name := range playedBySigningIn() {
				stories[name] = inDirectory(t, kind, entry, name)
			}
		}
		for _, name := range playedOnly()[kind] {
			stories[name] = inDirectory(t, kind, entry, name)
		}
		for _, name := range playedBeside() {
			second := strings.TrimSpace(strings.Replace(entry, "id: "+kind, "id: partners", 1))
			stories[name] = bytes.Replace(script(t, name), []byte("- "+secondEntry), []byte(second), 1)
		}
		for name, text := range stories {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				file := filepath.Join(t.TempDir(), name+".txtar")
				if err := os.WriteFile(file, text, 0o600); err != nil {
					t.Fatal(err)
				}
				again.play(t.Name(), func(stage testscript.T) {
					testscript.RunT(stage, testscript.Params{Files: []string{file}, Cmds: storyCommands(), Setup: setUp, Deadline: deadline})
				}).report(t)
			})
		}
	}
}

// script is the text of a story.
func script(t *testing.T, story string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "script", story+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// inDirectory is a story as it is played with another kind of directory: what it says of Okta is said of that one. How
// surely people have signed in, Okta alone states.
func inDirectory(t *testing.T, kind, entry, story string) []byte {
	t.Helper()
	text := string(script(t, story))
	for _, said := range [][2]string{ // in this order
		{`(?m)^okta regroup (\S+) name=(\S+)`, "directory " + kind + " rename $1 $2"},
		{`(?m)^okta status (\S+) DEPROVISIONED`, "directory " + kind + " state $1 left"},
		{`(?m)^(! )?(okta|directory okta) `, "${1}directory " + kind + " "},
		{`\bokta:`, kind + ":"},
		{`(sso:|/access connect| in) okta\b`, "$1 " + kind},
		{`\bwith Okta\b`, "with " + strings.ToUpper(kind[:1]) + kind[1:]},
	} {
		text = regexp.MustCompile(said[0]).ReplaceAllString(text, said[1])
	}
	if kind == "google" { // which knows applications by their names alone, and not whom they let in
		text = strings.ReplaceAll(text, "=> tags: [design, prototype]", `=> usage: ["google:saml:Figma"]`)
	}
	config, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	base := strings.NewReplacer("okta:", kind+":", "sso: okta", "sso: "+kind, `, acr: ["phr"], amr: ["mfa"]`, "").Replace(string(config))
	base = regexp.MustCompile(`(?ms)^  - id: okta\n.*?\n\nstore:`).ReplaceAllLiteralString(base, entry+"\nstore:")
	return []byte(text + "\n-- " + baseFile + " --\n" + base)
}

// TestNothingOfADirectoryReachesAnother looks at all that is sent to two directories: no id that one of them gave is ever
// told to the other, nor what Latchkey signs in with there, whatever becomes of them.
func TestNothingOfADirectoryReachesAnother(t *testing.T) {
	t.Parallel()
	dir, seen := t.TempDir(), &wiretap{sent: map[string]*strings.Builder{}, said: map[string]map[string]bool{}}
	edits := "    # location_attribute: city     # and where they work =>   - " + secondEntry + "\n" +
		`groups: ["okta:figma-editors"]} => groups: ["okta:figma-editors", "partners:plugin-authors"]}` + "\n"
	if err := os.WriteFile(filepath.Join(dir, "config.edits"), []byte(edits), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := found(dir, io.Discard, func(h *app.Hooks) { h.Calls = seen.on })
	if err != nil {
		t.Fatal(err)
	}
	play(t, c, "slack maya '/access'", "slack maya submit app=figma role=editor for=6h reason=Icons", "slack noor click Approve", "jira IT-1 status Granted",
		"slack sam '/access'", "slack sam submit app=figma role=editor for=30d reason=Slides", "slack lena click Approve", "jira IT-2 status Granted",
		"directory partners fails any status=503 times=all", "clock +6h", "! directory okta has figma-editors maya", "directory partners works", "clock +2m",
		"! directory partners has plugin-authors maya", "jira IT-1 status Closed", "directory okta rename figma-editors editors", "directory okta state sam left", "clock +24h",
		"! directory okta has editors sam", "! directory partners has plugin-authors sam", "jira IT-2 status Closed")
	if err := c.close(); err != nil {
		t.Error(err)
	}
	for _, pair := range [][2]string{{"okta", "partners"}, {"partners", "okta"}} {
		own, other := seen.said[pair[0]], pair[1]
		sent := seen.sent[other].String()
		reached := 0
		for id := range own {
			if strings.Contains(sent, id) {
				t.Errorf("%s was told %s, which %s gave", other, id, pair[0])
			}
			if strings.Contains(seen.sent[pair[0]].String(), id) {
				reached++
			}
		}
		if reached < 4 { // two accounts, a group, and who manages them at least
			t.Errorf("of the ids that %s gave only %d were sent to itself: nothing was looked at", pair[0], reached)
		}
	}
	if first, second := c.world.Directories()[0].Opened("")["token"], c.world.Directories()[1].Opened("")["token"]; strings.Contains(seen.sent["okta"].String(), second) || !strings.Contains(seen.sent["partners"].String(), second) || strings.Contains(strings.ReplaceAll(seen.sent["partners"].String(), second, ""), first) {
		t.Error("a directory was shown the token of the other")
	}
}

// wiretap keeps what is sent to each service, and which ids of accounts and groups it gave.
type wiretap struct {
	mu   sync.Mutex
	sent map[string]*strings.Builder
	said map[string]map[string]bool
}

// on taps the way to a service.
func (w *wiretap) on(service string, next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		var body []byte
		if r.Body != nil {
			body, _ = io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
		}
		w.note(service, fmt.Sprintln(r.Method, r.URL, r.Header, string(body)), nil)
		answer, err := next.RoundTrip(r)
		if err != nil {
			return answer, err
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body = io.NopCloser(bytes.NewReader(text))
		w.note(service, "", regexp.MustCompile(`00[ug][0-9]{17}`).FindAllString(string(text), -1))
		return answer, err
	})
}

func (w *wiretap) note(service, sent string, said []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.sent[service] == nil {
		w.sent[service], w.said[service] = &strings.Builder{}, map[string]bool{}
	}
	w.sent[service].WriteString(sent)
	for _, id := range said {
		w.said[service][id] = true
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
