package cli

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"latchkey/app"
	"latchkey/config"
	"latchkey/evidence/pack"
	"latchkey/sandbox/harness"
)

// evidenceLine is what a line of the tour begins with that looks at the evidence of a review as an auditor does.
const evidenceLine = "latchkey evidence verify "

// auditor checks the evidence that is attached to an issue, with nothing at hand but the file and the public key.
type auditor struct {
	config *config.Config
	tell   *harness.Harness
}

// does tells whether a line is the auditor's, and does it: "latchkey evidence verify ISSUE" finds the pack whole, and one that
// begins with "!" finds the byte that was changed in it.
func (a auditor) does(line string) (saw string, is bool, err error) {
	line, changed := strings.CutPrefix(line, "! ")
	issue, is := strings.CutPrefix(line, evidenceLine)
	if !is {
		return "", false, nil
	}
	dir, err := os.MkdirTemp("", "latchkey-pack-")
	if err != nil {
		return "", true, fmt.Errorf("make a folder for the evidence: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	issue, _, _ = strings.Cut(issue, " ")
	file, err := a.tell.File(issue, ".zip")
	if err == nil {
		err = unpack(file, dir)
	}
	if err == nil && changed {
		err = changeByte(filepath.Join(dir, pack.ReportFile))
	}
	if err != nil {
		return "", true, err
	}
	saw, err = a.verify(dir, !changed)
	return saw, true, err
}

// verify has a pack looked at as the command does; an error if it isn't as whole as it should be.
func (a auditor) verify(dir string, whole bool) (string, error) {
	var out strings.Builder
	var keys []string
	for _, k := range app.KeysOf(a.config).Public {
		keys = append(keys, k.Key)
	}
	err := verifyPack(&out, dir, keys, false)
	if whole == (err == nil) && whole != strings.Contains(out.String(), "BROKEN") {
		return out.String(), nil
	}
	return "", fmt.Errorf("that the pack is whole was to be %v, and it was found (%v): %s", whole, err, &out)
}

// unpack writes the files of a ZIP into a folder.
func unpack(file []byte, into string) error {
	files, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return fmt.Errorf("open the evidence: %w", err)
	}
	return os.CopyFS(into, files)
}

// changeByte changes one in the middle of a file.
func changeByte(path string) error {
	was, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	was[len(was)/2] ^= 1
	return writeTo(path, nil, func(w io.Writer) error {
		_, err := w.Write(was)
		return err
	})
}
