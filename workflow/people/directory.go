package people

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"latchkey/access"
	"latchkey/catalog"
	"latchkey/idp"
)

// Directories are the configured directories.
type Directories []idp.Directory

// Get finds a directory by its id.
func (all Directories) Get(id string) (idp.Directory, bool) {
	for _, d := range all {
		if d.ID() == id {
			return d, true
		}
	}
	return nil, false
}

// Members reads a group and who is in it.
func (all Directories) Members(ctx context.Context, ref catalog.GroupRef) (idp.Group, []idp.Membership, error) {
	return all.members(ctx, ref, FindGroup)
}

// finder finds the group that a reference means.
type finder func(context.Context, idp.Directory, catalog.GroupRef) (idp.Group, error)

func (all Directories) members(ctx context.Context, ref catalog.GroupRef, find finder) (idp.Group, []idp.Membership, error) {
	dir, ok := all.Get(ref.Directory)
	if !ok {
		return idp.Group{}, nil, Rejected("The group %s belongs to the directory %q, which is not configured: add it under idp, or correct the catalogue", ref, ref.Directory)
	}
	what := fmt.Sprintf("Read who is in %s", ref)
	group, err := find(ctx, dir, ref)
	if err != nil {
		return group, nil, DirectoryFailure(dir, what, err)
	}
	members, err := idp.Everybody(dir.Members(ctx, group.ID))
	if err != nil {
		return group, nil, DirectoryFailure(dir, what, err)
	}
	return group, members, nil
}

// FindGroup finds the group that the configuration means, or reads it where it
// gives the id.
func FindGroup(ctx context.Context, d idp.Directory, ref catalog.GroupRef) (idp.Group, error) {
	if ref.ByID {
		return d.Group(ctx, ref.Group)
	}
	return d.FindGroup(ctx, ref.Group)
}

// Rejected is a failure that won't go away by itself: a human must act.
func Rejected(format string, args ...any) error {
	return &access.Failure{Class: access.Rejected, Sentence: fmt.Sprintf(format, args...)}
}

// DirectoryFailure words a directory's error and says what to do about it.
func DirectoryFailure(dir idp.Directory, what string, err error) error {
	if f := new(access.Failure); errors.As(err, &f) {
		return f // it is worded already
	}
	f := &access.Failure{Class: access.Transient, Sentence: what + " did not work", Err: err}
	var limited *idp.RateLimited
	switch {
	case errors.As(err, &limited):
		f.Class, f.After = access.Limited, max(limited.After, time.Second)
		f.Sentence = what + " has to wait: " + dir.ID() + " limits how often it is asked"
	case errors.Is(err, idp.ErrDenied):
		f.Class, f.Sentence = access.Denied, what+" was denied: "+said(dir, err, idp.ErrDenied, dir.ID()+" doesn't let Latchkey do it")
	case errors.Is(err, idp.ErrNotFound):
		f.Class, f.Sentence = access.Rejected, what+" failed: "+said(dir, err, idp.ErrNotFound, dir.ID()+" doesn't know who or what it is about")
	case errors.Is(err, idp.ErrAmbiguous):
		f.Class, f.Sentence = access.Rejected, what+" failed: "+said(dir, err, idp.ErrAmbiguous, "there are several")+". Latchkey doesn't guess"
	case errors.Is(err, idp.ErrRefused):
		f.Class, f.Sentence = access.Rejected, what+" was refused: "+said(dir, err, idp.ErrRefused, dir.ID()+" doesn't let this group or account be changed")
	default:
		f.Sentence += reason(dir, err)
	}
	return f
}

// said is the sentence in which a directory itself says what is wrong and what to do:
// it knows whether it is the account or the group, the token or the rights. otherwise
// is said where it gives none.
func said(dir idp.Directory, err, kind error, otherwise string) string {
	for inner := errors.Unwrap(err); inner != nil && errors.Is(inner, kind) && inner.Error() != kind.Error(); inner = errors.Unwrap(inner) {
		err = inner
	}
	text := strings.TrimPrefix(strings.TrimSuffix(err.Error(), ": "+kind.Error()), dir.ID()+": ")
	return cmp.Or(strings.TrimSuffix(text, kind.Error()), otherwise)
}

// reason is why something did not work that is tried again, where the directory says
// so in a sentence of its own.
func reason(dir idp.Directory, err error) string {
	var odd *idp.Unintelligible
	var partial *idp.Partial
	switch {
	case errors.As(err, &odd):
		return ": " + odd.Error()
	case errors.As(err, &partial):
		return ": " + partial.Error()
	}
	return ""
}

// Softly lets a person who doesn't exist pass as nobody; other errors stand.
func Softly(err error) error {
	if _, refused := access.AsRefusal(err); refused || errors.Is(err, idp.ErrNotFound) {
		return nil
	}
	return err
}
