// A signer for bucket-upload, in Go, with nothing but the standard library. See README.md.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	maxBody = 1_000_000 // bytes of a call
	maxCall = 1000      // requests of a call
)

var origin = os.Getenv("BUCKET_UPLOAD_ORIGIN") // the page's origin, if it is not ours

// userOf says who is calling. Look at a cookie or a token here, and return false for strangers.
// What one user was granted is of no use to another.
func userOf(r *http.Request) (string, bool) {
	return "anybody", true
}

func serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Origin")
	if origin != "" && r.Header.Get("Origin") == origin {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Allow-Credentials", "true")
		w.Header().Set("Access-Control-Allow-Methods", "POST")
		w.Header().Set("Access-Control-Allow-Headers", "Content-Type, Authorization")
	}
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	status, body := respond(w, r)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body)
}

func respond(w http.ResponseWriter, r *http.Request) (int, answer) {
	if r.Method != http.MethodPost {
		return 405, refuse("bad-request", "Send a POST.")
	}
	user, isKnown := userOf(r)
	if !isKnown {
		return 401, refuse("unauthorized", "Sign in to upload files.")
	}
	// A browser sends this type across origins only after asking by OPTIONS.
	if sent, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); sent != "application/json" {
		return 415, refuse("bad-request", "Send application/json.")
	}
	if r.ContentLength > maxBody {
		return 413, refuse("bad-request", "The body is too long.")
	}
	content, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return 413, refuse("bad-request", "The body is too long, or was not sent in time.")
	}
	var body struct {
		Version  int               `json:"version"`
		Requests []json.RawMessage `json:"requests"`
	}
	if err := json.Unmarshal(content, &body); err != nil {
		return 400, refuse("bad-request", "The body is not a signer request.")
	}
	if body.Version != 1 {
		return 400, refuse("unsupported-version", `"version" must be 1.`)
	}
	if body.Requests == nil || len(body.Requests) > maxCall {
		return 400, refuse("bad-request", fmt.Sprintf(`"requests" must be a list of at most %d.`, maxCall))
	}
	responses := []answer{}
	for _, each := range body.Requests {
		var one request
		wrong := json.Unmarshal(each, &one)
		if one.ID == "" || one.Op == "" {
			return 400, refuse("bad-request", `A request needs "id" and "op".`)
		}
		// A request that is wrong is refused by itself; the others of the call are answered.
		response := refuse("bad-request", "The request is not as the protocol has it.")
		if wrong == nil {
			response = sign(user, one)
		}
		response["id"] = one.ID
		responses = append(responses, response)
	}
	return 200, answer{"version": 1, "date": in(0), "responses": responses}
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "3000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("http://" + listener.Addr().String())
	// A client that is slow, or says nothing, must not hold its connection for ever.
	server := http.Server{
		Handler:      http.HandlerFunc(serve),
		ReadTimeout:  10 * time.Second,
		WriteTimeout: 3 * time.Minute, // a bucket may take that long to put parts together
		IdleTimeout:  time.Minute,
	}
	fmt.Fprintln(os.Stderr, server.Serve(listener))
}
