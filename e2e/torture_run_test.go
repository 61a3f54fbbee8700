package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"latchkey/cli"
)

// command starts this program as people do, by another name for the test binary.
// It is killed when the test ends.
func command(t *testing.T, env []string, args ...string) (*exec.Cmd, io.Reader) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe)
	c.Args, c.Env = append([]string{"latchkey"}, args...), slices.Concat(os.Environ(), []string{repoEnv + "=.."}, env)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		kill(c)
		if t.Failed() {
			t.Logf("latchkey %s:\n%s", strings.Join(args, " "), log)
		}
	})
	return c, out
}

// kill is kill -9; a process that is dead already stays so.
func kill(c *exec.Cmd) {
	_ = c.Process.Kill()
	_ = c.Wait()
}

// TestKillBetweenAckAndChange runs the two commands as they are: the sandbox in
// one process and the bot in another. The bot is killed after it has acknowledged
// the approval and before Okta has changed the group. The next one finishes the
// work, and nothing is done or said twice.
func TestKillBetweenAckAndChange(t *testing.T) {
	sandbox, out := command(t, nil, "sandbox")
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	var at cli.SandboxAddress
	if err := json.Unmarshal(line, &at); err != nil {
		t.Fatalf("latchkey sandbox printed %q: %v", line, err)
	}
	env := []string{"SLACK_APP_TOKEN=" + at.AppToken, "SLACK_BOT_TOKEN=" + at.BotToken, "JIRA_TOKEN=" + at.JiraToken, "OKTA_TOKEN=" + at.OktaToken}
	config := configAt(t, at)
	do := func(lines ...string) {
		t.Helper()
		for _, l := range lines {
			saySo(t, at.Control, l)
		}
	}

	first, _ := command(t, env, "run", "--config", config)
	do("slack maya '/access'",
		"slack maya submit app=figma role=editor for=6h reason='Launch assets'",
		"jira IT-1 status 'Waiting for approval'",
		"dm noor 'Maya … Figma'",
		"okta fault PUT /api/v1/groups/ delay=10m", // the moment between the ack and the change, held
		"slack noor click Approve",                 // returns with the ack
		"jira IT-1 internal 'Approved in Slack by Noor'",
		"! okta has figma-editors maya")
	kill(first)
	do("! okta has figma-editors maya", "okta clear")

	second, _ := command(t, env, "run", "--config", config)
	do("okta has figma-editors maya",
		"jira IT-1 status Granted",
		"dm maya '1×in: Figma'",
		"dm noor '1×Approved by you: Figma'",
		"jira IT-1 internal '1×Approved in Slack by Noor'",
		"jira IT-1 internal '1×There: '",
		"jira issues 1")
	kill(second)
	kill(sandbox)
}

// configAt writes the example configuration with the sandbox's addresses and a
// store of its own.
func configAt(t *testing.T, at cli.SandboxAddress) string {
	t.Helper()
	text, err := os.ReadFile(exampleFile)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	changed := string(text)
	for _, swap := range [][2]string{
		{"# api_url: https://slack.com/api/", "api_url: " + at.SlackAPI},
		{"url: https://acme.atlassian.net", "url: " + at.Jira},
		{"url: https://acme.okta.com", "url: " + at.Okta},
		{"path: latchkey.db", fmt.Sprintf("path: %q", filepath.Join(dir, "latchkey.db"))},
	} {
		if !strings.Contains(changed, swap[0]) {
			t.Fatalf("config.yaml has no %q to replace", swap[0])
		}
		changed = strings.Replace(changed, swap[0], swap[1], 1)
	}
	path := filepath.Join(dir, "config.yaml")
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// say acts out one line in the sandbox.
func saySo(t *testing.T, control, line string) {
	t.Helper()
	client := &http.Client{Timeout: time.Minute}
	defer client.CloseIdleConnections()
	resp, err := client.Post(control+"/do", "text/plain", strings.NewReader(line))
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	defer resp.Body.Close()
	var a struct {
		OK  bool
		Saw string
	}
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	if !a.OK {
		t.Fatalf("%s: %s", line, a.Saw)
	}
}
