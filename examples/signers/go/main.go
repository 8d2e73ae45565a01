// A signer for bucket-upload, in Go, with nothing but the standard library. See README.md.
package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxSize = 5_000_000_000 // bytes; what a single PUT carries
	maxBody = 1_000_000     // bytes of a call
)

var (
	origin    = os.Getenv("BUCKET_UPLOAD_ORIGIN") // the page's origin, if it is not ours
	unclean   = regexp.MustCompile(`[^A-Za-z0-9._-]+`)
	mediaType = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)
)

// guards are signed along. Ceph, MinIO and Storj take headers that are not signed: with the URL of a
// PUT one could copy any object of the bucket, or make the file public. These refuse that. Amazon
// takes no such headers, and many of its buckets refuse each ACL.
func guards() headers {
	if strings.Contains(endpoint.Host, ".amazonaws.com") {
		return nil
	}
	return headers{
		"x-amz-copy-source-if-match": `"0"`,
		"x-amz-copy-source-range":    "none",
		"x-amz-acl":                  "private",
	}
}

type request struct {
	ID   string `json:"id"`
	Op   string `json:"op"`
	File struct {
		Name string `json:"name"`
		Path string `json:"path"`
		Size *int64 `json:"size"`
		Type string `json:"type"`
	} `json:"file"`
}

// answer is what goes back as JSON; an error is one too.
type answer map[string]any

func refuse(code, message string) answer {
	return answer{"error": answer{"code": code, "message": message}}
}

// sign answers one request. This is all there is to a signer.
func sign(r request) answer {
	if r.Op != "put" {
		return refuse("unsupported-op", "This signer only knows put.")
	}
	if r.File.Size == nil || *r.File.Size < 0 {
		return refuse("bad-request", `"size" must be a number of bytes.`)
	}
	if utf8.RuneCountInString(r.File.Name) > 1024 || utf8.RuneCountInString(r.File.Path) > 4096 {
		return refuse("bad-request", "A name has at most 1024 characters, and a path 4096.")
	}
	if *r.File.Size > maxSize {
		return refuse("too-large", fmt.Sprintf("The file is larger than %d bytes.", maxSize))
	}
	contentType := r.File.Type
	if !mediaType.MatchString(contentType) {
		contentType = "application/octet-stream"
	}
	name := unclean.ReplaceAllString(r.File.Name, "-")
	name = strings.Trim(name[max(0, len(name)-100):], ".-")
	if name == "" {
		name = "file"
	}
	id := make([]byte, 16)
	rand.Read(id)
	key := hex.EncodeToString(id) + "/" + name
	now := time.Now().UTC()
	// Both are signed: the bucket refuses any other file.
	exact := headers{"content-length": fmt.Sprint(*r.File.Size), "content-type": contentType}
	sent := answer{"Content-Type": contentType}
	for name, value := range guards() {
		exact[name], sent[name] = value, value
	}
	saved := query{"response-content-disposition": fmt.Sprintf(`attachment; filename="%s"`, name)}
	return answer{
		"key":               key,
		"url":               presign(now, "PUT", key, nil, exact, 900),
		"method":            "PUT",
		"headers":           sent,
		"expiresAt":         now.Add(900 * time.Second).Format(time.RFC3339),
		"downloadUrl":       presign(now, "GET", key, saved, nil, 3600),
		"downloadExpiresAt": now.Add(3600 * time.Second).Format(time.RFC3339),
	}
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
	// Here is the place to look at a cookie or a token, and to answer 401.
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
	if body.Requests == nil {
		return 400, refuse("bad-request", `"requests" must be a list.`)
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
			response = sign(one)
		}
		response["id"] = one.ID
		responses = append(responses, response)
	}
	return 200, answer{"version": 1, "responses": responses}
}

func max(a, b int) int {
	if a > b {
		return a
	}
	return b
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
		WriteTimeout: 30 * time.Second,
		IdleTimeout:  time.Minute,
	}
	fmt.Fprintln(os.Stderr, server.Serve(listener))
}
