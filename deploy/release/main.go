// Command release writes what lies beside the binaries of a release: the man pages, the completions of shells, what a
// binary is made of (an SBOM in CycloneDX), and the licences of that.
//
//	go run ./deploy/release man DIR
//	go run ./deploy/release completions DIR
//	go run ./deploy/release sbom BINARY FILE
//	go run ./deploy/release licences BINARY FILE
//
// The same source and SOURCE_DATE_EPOCH (seconds since 1970, for the date on the man pages) give the same bytes.
package main

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"latchkey/cli"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "release: "+err.Error())
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: release man DIR | completions DIR | sbom BINARY FILE | licences BINARY FILE")

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "man":
		return writeManPages(args[1])
	case len(args) == 2 && args[0] == "completions":
		return writeCompletions(args[1])
	case len(args) == 3 && args[0] == "sbom":
		return ofBinary(args[1], args[2], bom)
	case len(args) == 3 && args[0] == "licences":
		return ofBinary(args[1], args[2], licences)
	}
	return errUsage
}

// ofBinary writes into a file what the build of a binary leads to.
func ofBinary(binary, file string, say func(*buildinfo.BuildInfo) ([]byte, error)) error {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return fmt.Errorf("%s does not say what it was built from: %w", binary, err)
	}
	text, err := say(info)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// writeManPages writes a page for each command.
func writeManPages(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root := cli.Commands(nil)
	root.DisableAutoGenTag = true
	keepLists(root)
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: "Latchkey", Manual: "Latchkey"}, dir)
}

// keepLists has what stands indented in the help of commands stay as it is: the pages are made of Markdown, in which four spaces
// mean that, and two mean nothing.
func keepLists(c *cobra.Command) {
	lines := strings.Split(c.Long, "\n")
	for i, line := range lines {
		if strings.HasPrefix(line, "  ") {
			lines[i] = "  " + line
		}
	}
	c.Long = strings.Join(lines, "\n")
	for _, sub := range c.Commands() {
		keepLists(sub)
	}
}

func writeCompletions(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	root := cli.Commands(nil)
	for _, one := range shells(root) {
		if err := one.write(filepath.Join(dir, one.file)); err != nil {
			return fmt.Errorf("completions for %s: %w", one.file, err)
		}
	}
	return nil
}

type shell struct {
	file  string
	write func(string) error
}

// shells are those that have completions, with the names under which packages install these.
func shells(root *cobra.Command) []shell {
	return []shell{
		{"latchkey.bash", func(f string) error { return root.GenBashCompletionFileV2(f, true) }},
		{"_latchkey", root.GenZshCompletionFile},
		{"latchkey.fish", func(f string) error { return root.GenFishCompletionFile(f, true) }},
	}
}
