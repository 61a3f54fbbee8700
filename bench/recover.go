package main

import (
	"context"
	"errors"
)

func mapChild(childOptions) error { return errors.New("not yet") }

func recoverSuite(context.Context, *bench) error   { return errors.New("not yet") }
func footprintSuite(context.Context, *bench) error { return errors.New("not yet") }
func soakSuite(context.Context, *bench) error      { return errors.New("not yet") }
func expirySuite(context.Context, *bench) error    { return errors.New("not yet") }
func jobsSuite(context.Context, *bench) error      { return errors.New("not yet") }
func provisionSuite(context.Context, *bench) error { return errors.New("not yet") }
func rotationSuite(context.Context, *bench) error  { return errors.New("not yet") }
