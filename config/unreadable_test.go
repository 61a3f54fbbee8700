package config

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatNobodyCanSeeIsNamed wants one rule for every value and key.
func TestWhatNobodyCanSeeIsNamed(t *testing.T) {
	for _, c := range []faultCase{
		{"zero-width space in a name", "    name: Figma\n", "    name: ‸Fig\u200bma\n", "apps[0].name has a zero-width space (U+200B) in it: delete it and type it anew"},
		{"byte order mark in a channel", `it_channel: "#it"`, "it_channel: ‸\"\ufeff#it\"", "slack.it_channel has a byte order mark (U+FEFF) in it"},
		{"turned direction in an address", "ines@acme.example", "‸ines\u202e@acme.example", "has an invisible mark that turns the writing direction (U+202E) in it"},
		{"joiner in a group", `["okta:figma-editors"]`, "[‸\"okta:figma\u200d-editors\"]", "has an invisible joiner (U+200D) in it"},
		{"soft hyphen in a duration", "max: 30d", "max: ‸30\u00add", "has an invisible hyphen (U+00AD) in it"},
		{"in a key", "  it_channel:", "  ‸it\u200b_channel:", `the key "it\u200b_channel" has a zero-width space (U+200B) in it`},
		{"curly quotes", `it_channel: "#it"`, "it_channel: ‸“#it”", "slack.it_channel has curly quotes around it, which become part of it: write straight ones"},
		{"curly quotes of another language", "    name: Figma\n", "    name: ‸„Figma“\n", "apps[0].name has curly quotes around it"},
		{"curly quotes in straight ones", `it_channel: "#it"`, "it_channel: ‸\"“#it”\"", "is not a channel: write its name as Slack shows it"},
		{"two apps of one name", "apps:", "apps:\n  - {id: other, name: \"FIGMA\u00a0\", roles: [{id: a, name: A, groups: [\"okta:a\"], route: everyday, duration: {choices: [1h]}}]}", `the apps "other" and "figma" are both called "Figma", so people can't tell them apart`},
		{"two roles of one name", "    roles:\n", "    roles:\n      - {id: other, name: \"editor\", groups: [\"okta:e\"], duration: {choices: [1h]}}\n", `the roles "other" and "editor" are both called "Editor"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := loadText(t, strings.ReplaceAll(c.edit(t), mark, ""), tokens())
			faults := faultsOf(t, err)
			if len(faults) != 1 || !strings.Contains(faults[0].Problem, c.want) {
				t.Fatalf("got %v, want …%s…", err, c.want)
			}
			if !strings.Contains(c.new, mark) {
				return
			}
			if _, line, column := cutMark(t, c.edit(t)); faults[0].Line != line || faults[0].Column != column {
				t.Errorf("at %d:%d, want %d:%d", faults[0].Line, faults[0].Column, line, column)
			}
		})
	}
}

// TestWhatIsCertainIsPutRight takes away what can only be meant one way.
func TestWhatIsCertainIsPutRight(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return "${file:" + path + "}"
	}
	for name, written := range map[string]string{
		"as it is":                file("plain", "s3cret-token"),
		"byte order mark":         file("bom", byteOrderMark+"s3cret-token\r\n"),
		"UTF-16, as PowerShell":   file("utf16le", inUTF16(byteOrderMark+"s3cret-token\r\n", binary.LittleEndian)),
		"UTF-16, high byte first": file("utf16be", inUTF16(byteOrderMark+"s3cret-token\n", binary.BigEndian)),
		"variable":                "${JIRA_TOKEN}",
	} {
		c, err := loadText(t, strings.Replace(smallConfig(t), "${JIRA_TOKEN}", written, 1), with(tokens(), "JIRA_TOKEN", byteOrderMark+"s3cret-token"))
		if err != nil || c.Jira.Token.Reveal() != "s3cret-token" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if got, err := describe(t, "'L’accès\u00a0: « tout »'", tokens()); err != nil || got != "L’accès : « tout »" {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := describe(t, `"“Best” of all tools, says “Time”"`, tokens()); err != nil || got != "“Best” of all tools, says “Time”" {
		t.Errorf("%q, %v", got, err)
	}
}

// TestASecretThatNobodyCanSeeIsNotPrinted names the fault and never the value.
func TestASecretThatNobodyCanSeeIsNotPrinted(t *testing.T) {
	for value, want := range map[string]string{
		"s3cret\u200btoken":  "jira.token has a zero-width space (U+200B) in it",
		"“s3crettoken”":      "jira.token has curly quotes around it",
		"s3cret\u00a0token1": "jira.token has a space or line break in it",
	} {
		_, err := loadText(t, smallConfig(t), with(tokens(), "JIRA_TOKEN", value))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}
