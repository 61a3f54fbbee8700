package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"latchkey/access"
)

// anchorFile keeps anchors in a file, one a line, which only ever grows. It is meant
// for a disk or host where whoever has the store can't write.
type anchorFile struct{ path string }

// anchorLine is one note as the file has it.
type anchorLine struct {
	ID   string          `json:"id"`
	At   time.Time       `json:"at"`
	Post json.RawMessage `json:"post"`
}

// Name implements anchor.File.
func (f anchorFile) Name() string { return f.path }

// PostAnchor implements anchor.File.
func (f anchorFile) PostAnchor(_ context.Context, n access.AnchorNote, again bool) (time.Time, error) {
	if again {
		all, err := f.lines()
		if err != nil {
			return time.Time{}, f.failure("read", err)
		}
		for _, l := range all {
			if l.ID == n.ID {
				return l.At, nil
			}
		}
	}
	line, err := json.Marshal(anchorLine{n.ID, n.At.UTC(), n.Post})
	if err != nil {
		return time.Time{}, err
	}
	if err := f.append(append(line, '\n')); err != nil {
		return time.Time{}, f.failure("written", err)
	}
	return n.At, nil
}

func (f anchorFile) append(line []byte) error {
	file, err := os.OpenFile(f.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(line)
	if err == nil {
		err = file.Sync()
	}
	return errors.Join(err, file.Close())
}

// Anchors implements anchor.File. The file's own times say nothing: whoever can write
// to it can write any.
func (f anchorFile) Anchors(context.Context) (found []access.AnchorCopy, err error) {
	all, err := f.lines()
	if err != nil {
		return nil, f.failure("read", err)
	}
	for _, l := range all {
		found = append(found, access.AnchorCopy{Where: "file " + f.path, Post: l.Post})
	}
	return found, nil
}

// lines are the notes in the file. A line that was not finished is the last one, of an
// attempt that broke off.
func (f anchorFile) lines() (all []anchorLine, err error) {
	raw, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	scan := bufio.NewScanner(bytes.NewReader(raw))
	scan.Buffer(nil, 1<<20)
	for scan.Scan() {
		var l anchorLine
		if json.Unmarshal(scan.Bytes(), &l) == nil {
			all = append(all, l)
		}
	}
	return all, errors.Join(err, scan.Err())
}

func (f anchorFile) failure(what string, err error) error {
	return &access.Failure{Class: access.Transient, Err: err, Sentence: fmt.Sprintf("The file of anchors %s can't be %s: %v; correct evidence.anchors or make room for it", f.path, what, err)}
}
