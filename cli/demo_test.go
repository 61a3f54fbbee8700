package cli

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"latchkey/config"
	"latchkey/sandbox"
	"latchkey/sandbox/harness"
)

// staying runs the demo until the test ends and gives what it prints for people
// to paste into their shell.
func staying(t *testing.T) (pasted []string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := demo{config: exampleConfig(t), out: in, log: io.Discard}.stay(ctx, "127.0.0.1:0")
		done <- err
		in.CloseWithError(err)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Stop with") {
		if line, ok := strings.CutPrefix(lines.Text(), "  act"); ok {
			pasted = append(pasted, "act"+line)
		}
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // ends with the demo
	if len(pasted) < 2 || !strings.HasPrefix(pasted[0], "act() {") {
		t.Fatalf("the demo printed %q", pasted)
	}
	return pasted
}

// What the demo prints can be pasted into a shell: it parses, and the line that a
// person would act with does act.
func TestWhatTheDemoPrintsCanBePasted(t *testing.T) {
	pasted := staying(t)
	shells := []string{"sh", "bash"}
	if _, err := exec.LookPath("zsh"); err == nil {
		shells = append(shells, "zsh")
	}
	for _, shell := range shells {
		parse := exec.Command(shell, "-n")
		parse.Stdin = strings.NewReader(strings.Join(pasted, "\n") + "\n")
		if said, err := parse.CombinedOutput(); err != nil {
			t.Errorf("%s does not read what the demo prints: %v\n%s", shell, err, said)
		}
		// curl is stood in for by what says how it was called
		run := exec.Command(shell, "-c", "curl() { printf '%s\\n' \"$@\"; }\n"+strings.Join(pasted[:2], "\n"))
		said, err := run.Output()
		words := strings.Split(strings.TrimSpace(string(said)), "\n")
		if err != nil || len(words) != 4 || words[1] != "-d" {
			t.Errorf("%s calls curl with %q: %v", shell, words, err)
			continue
		}
		post(t, words[3], words[2])
	}
}

func post(t *testing.T, url, line string) {
	t.Helper()
	client := &http.Client{}
	defer client.CloseIdleConnections()
	resp, err := client.Post(url, "application/x-www-form-urlencoded", strings.NewReader(line))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil || !strings.Contains(strings.ReplaceAll(string(said), " ", ""), `"ok":true`) {
		t.Errorf("%q: %v %s", line, err, said)
	}
}

// What is tried out must not reach a real directory.
func TestTheDemoRefusesARealDirectory(t *testing.T) {
	c := exampleConfig(t)
	c.IDP = append(c.IDP, config.Directory{ID: "hr", Type: "scim"})
	err := demo{config: c, log: io.Discard}.withBot(t.Context(), func(context.Context, *harness.Harness, *demoBot) error {
		t.Error("it was begun all the same")
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "kind of hr") {
		t.Errorf("%v", err)
	}
}

// What is printed names the directories that there are, whatever they are.
func TestTheDemoNamesItsDirectories(t *testing.T) {
	var out strings.Builder
	demo{out: &out}.welcome("http://here", sandbox.Addresses{Directories: []sandbox.DirectoryAddress{{ID: "corp", URL: "http://a"}, {ID: "workspace", URL: "http://b"}}})
	for _, line := range []string{"  corp       http://a\n", "  workspace  http://b\n", `act "directory corp has figma-editors maya"`, "http://here/do"} {
		if !strings.Contains(out.String(), line) {
			t.Errorf("%q isn't in:\n%s", line, out.String())
		}
	}
	if strings.Contains(out.String(), "%!") || strings.Contains(out.String(), "okta") {
		t.Error(out.String())
	}
}
