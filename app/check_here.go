package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"latchkey/evidence/note"
	jiracheck "latchkey/jira/check"
)

// witnessTime bounds how long a witness is waited for.
const witnessTime = 15 * time.Second

// here looks at what is needed of this machine: the store's folder, the signing key, the addresses, the places of anchors.
func (i *inspection) here(ctx context.Context) {
	i.finding("store", "its folder can be written", folderFault(filepath.Dir(storeFile(i.config))), storeFile(i.config) != "")
	i.inDatabase(ctx)
	i.ofKey()
	if at := metricsAddress(i.config); at != "" && askBot(ctx, i.config) == nil {
		i.finding("metrics", at+" is free", addressFault("metrics.listen", at), true)
	}
	for _, a := range i.config.Evidence.Anchors {
		if a.File != "" {
			i.finding("anchors", a.File+" can be written", anchorFault(a.File), true)
			continue
		}
		i.finding("anchors", a.Witness+" answers", witnessFault(ctx, a.Witness), true)
	}
}

// finding says what is as it should be, or what is wrong, of what is looked at.
func (i *inspection) finding(check, good string, fault error, looked bool) {
	switch {
	case !looked:
	case fault != nil:
		i.say(jiracheck.Fault, "here", check, fault.Error())
	default:
		i.say(jiracheck.Good, "here", check, good)
	}
}

// ofKey looks whether the record can be signed. That there is no key yet is no fault: the first start makes it.
func (i *inspection) ofKey() {
	k := KeysOf(i.config)
	if k.Signs || errors.Is(k.Lacking, note.ErrNoKey) {
		return // the summary says so
	}
	i.say(jiracheck.Fault, "here", "evidence.key", k.Lacking.Error())
}

// folderFault says why nothing could be kept in a folder, which need not be there yet.
func folderFault(dir string) error {
	at := dir
	for {
		info, err := os.Stat(at)
		if errors.Is(err, fs.ErrNotExist) && at != filepath.Dir(at) {
			at = filepath.Dir(at)
			continue
		}
		if err == nil && !info.IsDir() {
			err = fmt.Errorf("%s is no folder", at)
		}
		if err != nil {
			return unkept(dir, err)
		}
		break
	}
	f, err := os.CreateTemp(at, ".latchkey-check-*")
	if err != nil {
		return unkept(dir, err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func unkept(dir string, err error) error {
	return fmt.Errorf("the store can't be kept in %s (%w): let whoever runs Latchkey write there, or name another place under store.path", dir, err)
}

func addressFault(key, at string) error {
	l, err := net.Listen("tcp", at)
	if err != nil {
		return fmt.Errorf("%s: %w; name a free address of this machine", key, err)
	}
	return l.Close()
}

// anchorFault says why nothing could be added to a file of anchors.
func anchorFault(path string) error {
	_, err := os.Stat(path)
	there := err == nil
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("the file of anchors %s can't be written (%w): is its disk mounted? Else correct evidence.anchors", path, err)
	}
	if err = f.Close(); !there {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// witnessFault looks whether anybody answers where a witness should be; what a witness takes is sent by the bot only.
func witnessFault(ctx context.Context, at string) error {
	ctx, cancel := context.WithTimeout(ctx, witnessTime)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, at, http.NoBody)
	if err == nil {
		var resp *http.Response
		if resp, err = through(transport()).Do(r); err == nil {
			return resp.Body.Close()
		}
	}
	return fmt.Errorf("the witness at %s doesn't answer (%w): look whether it runs, or correct evidence.anchors", at, err)
}
