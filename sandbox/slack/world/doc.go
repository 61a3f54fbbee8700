// Package world is what there is in an emulated Slack workspace: people, channels,
// messages, views, uploads and the triggers that allow an app to open views; and
// what people see and do in their client. It knows nothing of HTTP and sockets;
// package slack serves it and tells the app.
//
// A [World] guards a [State]. Who serves the workspace works on the State between
// [World.Lock] and [World.Unlock]. [World.Snapshot] copies everything at one moment,
// and [World.Follow] tells what changes from there on.
package world
