package main

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
)

// licences are the texts under which everything in a binary may be handed on, as most of them ask for. A module without
// one is an error: it can't be handed on.
func licences(info *buildinfo.BuildInfo) ([]byte, error) {
	var out bytes.Buffer
	fmt.Fprintf(&out, "What is in the Latchkey binary beside Latchkey itself, and the licences of it.\n")
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env GOROOT: %w", err)
	}
	if err := writeLicence(&out, info.GoVersion, string(bytes.TrimSpace(root))); err != nil {
		return nil, err
	}
	for _, m := range info.Deps {
		m = used(m)
		dir, err := moduleDir(m.Path + "@" + m.Version)
		if err == nil {
			err = writeLicence(&out, m.Path+" "+m.Version, dir)
		}
		if err != nil {
			return nil, err
		}
	}
	house, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err == nil {
		err = writeLicence(&out, "the font Droid Sans Fallback, in report.pdf", filepath.Join(string(bytes.TrimSpace(house)), "evidence", "pack", "pdf", "fonts"))
	}
	return out.Bytes(), err
}

// moduleDir is where a module's files are on this machine.
func moduleDir(module string) (string, error) {
	text, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		return "", fmt.Errorf("go mod download %s: %w", module, err)
	}
	var found struct{ Dir string }
	err = json.Unmarshal(text, &found)
	return found.Dir, err
}

// licenceFile names what holds a licence, or what has to be handed on with one.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-._].*)?$`)

func writeLicence(out *bytes.Buffer, what, dir string) error {
	files, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	files = slices.DeleteFunc(files, func(f os.DirEntry) bool { return f.IsDir() || !licenceFile.MatchString(f.Name()) })
	if len(files) == 0 {
		return fmt.Errorf("%s has no licence in %s", what, dir)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join(dir, f.Name()))
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		fmt.Fprintf(out, "\n%s\n%s, %s\n\n%s\n", rule, what, f.Name(), bytes.TrimSpace(text))
	}
	return nil
}

const rule = "================================================================================"
