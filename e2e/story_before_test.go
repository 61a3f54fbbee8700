package e2e

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"latchkey/sandbox/harness"
)

// A story may bring two files for what is so before the bot starts for the first
// time: config.edits, with lines "old => new" for config.yaml (\n is a new line),
// and before.txt, with lines of the story's own words for the world and comments.

// baseFile is where a story brings a whole configuration in the place of the example.
const baseFile = "config.base"

// storyConfig is the path of the configuration that the story in dir plays under.
func storyConfig(dir string) (string, error) {
	base := filepath.Join(dir, baseFile)
	if _, err := os.Stat(base); err != nil {
		base = exampleFile
	}
	edits, err := linesOf(filepath.Join(dir, "config.edits"))
	if err != nil || len(edits) == 0 {
		return base, err
	}
	return editedConfig(dir, base, edits)
}

// editedConfig writes a configuration with edits into dir and returns its path.
func editedConfig(dir, from string, edits []string) (string, error) {
	raw, err := os.ReadFile(from)
	if err != nil {
		return "", err
	}
	text := string(raw)
	for _, edit := range edits {
		old, now, ok := strings.Cut(edit, " => ")
		if !ok || strings.Count(text, old) != 1 {
			return "", fmt.Errorf("write old => new, where old stands exactly once in %s: %q", from, edit)
		}
		text = strings.Replace(text, old, strings.ReplaceAll(now, `\n`, "\n"), 1)
	}
	path := filepath.Join(dir, "edited.yaml")
	return path, os.WriteFile(path, []byte(text), 0o600)
}

// prepare acts out the story's before.txt.
func prepare(dir string, tell *harness.Harness) error {
	lines, err := linesOf(filepath.Join(dir, "before.txt"))
	if err != nil {
		return err
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "#") {
			continue
		}
		words, err := harness.Line(line)
		if err == nil {
			_, err = tell.Do(context.Background(), words...)
		}
		if err != nil {
			return fmt.Errorf("before.txt: %s: %w", line, err)
		}
	}
	return nil
}

// linesOf reads a file's lines but blank ones; none if there is no such file.
func linesOf(path string) ([]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var lines []string
	for line := range strings.Lines(string(raw)) {
		if strings.TrimSpace(line) != "" {
			lines = append(lines, strings.TrimRight(line, "\r\n"))
		}
	}
	return lines, nil
}
