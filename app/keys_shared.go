package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"latchkey/access"
	"latchkey/evidence/note"
	"latchkey/store"
)

// Replicas have a key file each, and those are replaced one after the other. So each of them compares its key with that of the
// log, and reads its file again: one that has the next key takes it up for all, and one that has only an old one signs nothing.
// Were each to go on with its own, what one signs the others would take for forged; and after a theft the stolen key would sign on.

// keysAgain is how often a replica looks whether its key is still that of the log.
const keysAgain = time.Minute

// retiredMark is where the keys are kept that another one has taken the place of: none of them ever comes back.
const retiredMark = "signing.retired"

// follow takes up what became of the key on the other replicas, and in this one's file.
func (k *keys) follow(ctx context.Context) (*keyChange, error) {
	if k.store.Exclusive() {
		return nil, nil
	}
	is, log, err := k.signing(ctx)
	if err != nil {
		return nil, err
	}
	if loaded := note.Load(k.from, k.now); loaded.Signer != nil { // else what is known serves until the file is back
		k.mu.Lock()
		k.has = loaded
		k.mu.Unlock()
	}
	if k.signer() == nil {
		return nil, nil
	}
	return k.took(ctx, is, log, 0, false)
}

// compare finds out whether what this replica signs counts beside a log that is signed with another key, and keeps it from
// signing if it doesn't. A key takes another one's place if whoever has it knows of that one, and if it never had to go itself.
func (k *keys) compare(ctx context.Context, own, logs string) (foreign bool, err error) {
	var gone []string
	if !k.store.Exclusive() && own != "" && logs != "" && own != logs {
		foreign = !slices.ContainsFunc(k.trust().Keys(), func(t note.Trusted) bool { return t.String() == logs })
		if gone, err = k.retired(ctx); err != nil {
			return false, err
		}
	}
	foreign = foreign || slices.Contains(gone, own)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.foreign = ""; foreign {
		k.foreign = logs
	}
	return foreign, nil
}

func (k *keys) retired(ctx context.Context) (all []string, err error) {
	err = k.store.View(ctx, func(tx store.Tx) (err error) {
		all, err = loadRetired(tx)
		return err
	})
	return all, err
}

func loadRetired(tx store.Tx) (all []string, err error) {
	m, err := store.LoadMark(tx, retiredMark)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(m.After), &all)
	}
	return all, err
}

// retire keeps a key from ever coming back.
func retire(tx store.Tx, key string, at time.Time) error {
	all, err := loadRetired(tx)
	if err != nil || slices.Contains(all, key) {
		return err
	}
	m, err := store.LoadMark(tx, retiredMark)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	text, err := json.Marshal(append(all, key))
	if err != nil {
		return err
	}
	m.ID, m.At, m.After = retiredMark, at, string(text)
	return store.PutMark(tx, &m)
}

// other is why a replica signs nothing whose key is not that of the log.
func (k *keys) other(logs string) error {
	where, then := k.from.File, "it is taken up within a minute"
	if where == "" {
		where, then = "where it is kept", "start it again"
	}
	return &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf(
		"This replica signs nothing, and gives nothing new: the log is signed with another key than its own, %s. Put the key that the other replicas have in its place here (%s); %s. Access ends on time meanwhile",
		logs, where, then)}
}
