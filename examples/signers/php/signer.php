<?php

// A signer for bucket-upload, in PHP, without any package. See README.md.

declare(strict_types=1);

require __DIR__ . '/presign.php';

const MAX_SIZE = 5_000_000_000; // bytes; what a single PUT carries

// Ceph, MinIO and Storj take headers that are not signed: with the URL of a PUT one could copy any
// object of the bucket, or make the file public. These are signed, and refuse that. Amazon takes no
// such headers, and many of its buckets refuse each ACL.
const GUARDS = [
    'x-amz-copy-source-if-match' => '"0"',
    'x-amz-copy-source-range' => 'none',
    'x-amz-acl' => 'private',
];

function refuse(string $code, string $message): array
{
    return ['error' => ['code' => $code, 'message' => $message]];
}

/** Answers one request. This is all there is to a signer. */
function sign(stdClass $request): array
{
    if ($request->op !== 'put') {
        return refuse('unsupported-op', 'This signer only knows put.');
    }
    ['name' => $name, 'size' => $size, 'type' => $type, 'path' => $path] =
        (array) $request->file + ['type' => '', 'path' => ''];
    if (!is_int($size) || $size < 0 || !is_string($name) || !is_string($type)) {
        throw new TypeError('file');
    }
    if (!preg_match('/^.{0,1024}$/Dsu', $name) || !preg_match('/^.{0,4096}$/Dsu', $path ?? '')) {
        return refuse('bad-request', 'A name has at most 1024 characters, and a path 4096.');
    }
    if ($size > MAX_SIZE) {
        return refuse('too-large', 'The file is larger than ' . MAX_SIZE . ' bytes.');
    }
    if (!preg_match('~^[\w.+-]+/[\w.+-]+$~D', $type)) {
        $type = 'application/octet-stream';
    }
    $name = trim(substr(preg_replace('/[^A-Za-z0-9._-]+/', '-', $name), -100), '.-') ?: 'file';
    $key = bin2hex(random_bytes(16)) . '/' . $name;
    // Both are signed: the bucket refuses any other file.
    $guards = str_contains(getenv('BUCKET_UPLOAD_ENDPOINT'), '.amazonaws.com') ? [] : GUARDS;
    $exact = ['content-length' => (string) $size, 'content-type' => $type] + $guards;
    $saved = ['response-content-disposition' => "attachment; filename=\"$name\""];
    return [
        'key' => $key,
        'url' => presign('PUT', $key, [], $exact, 900),
        'method' => 'PUT',
        'headers' => ['Content-Type' => $type] + $guards,
        'expiresAt' => gmdate('Y-m-d\TH:i:s\Z', time() + 900),
        'downloadUrl' => presign('GET', $key, $saved, [], 3600),
        'downloadExpiresAt' => gmdate('Y-m-d\TH:i:s\Z', time() + 3600),
    ];
}

/** A request that is wrong is refused by itself; the others of the call are answered. */
function answerOne(stdClass $request): array
{
    if (!is_string($request->id) || !is_string($request->op)) {
        throw new TypeError('id');
    }
    try {
        return ['id' => $request->id] + sign($request);
    } catch (ErrorException | TypeError) {
        return ['id' => $request->id] + refuse('bad-request', 'The request is not as the protocol has it.');
    }
}

function answer(int $status, ?array $body = null): never
{
    http_response_code($status);
    header('Cache-Control: no-store');
    header('Vary: Origin');
    $origin = getenv('BUCKET_UPLOAD_ORIGIN'); // the page's origin, if it is not ours
    if ($origin && ($_SERVER['HTTP_ORIGIN'] ?? '') === $origin) {
        header("Access-Control-Allow-Origin: $origin");
        header('Access-Control-Allow-Credentials: true');
        header('Access-Control-Allow-Methods: POST');
        header('Access-Control-Allow-Headers: Content-Type, Authorization');
    }
    if ($body !== null) {
        header('Content-Type: application/json');
        echo json_encode($body, JSON_UNESCAPED_SLASHES);
    }
    exit;
}

if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') {
    answer(204);
}
if ($_SERVER['REQUEST_METHOD'] !== 'POST') {
    answer(405, refuse('bad-request', 'Send a POST.'));
}
// Here is the place to look at a cookie or a token, and to answer 401.
// A browser sends this type across origins only after asking by OPTIONS.
if (strtolower(trim(explode(';', $_SERVER['CONTENT_TYPE'] ?? '')[0])) !== 'application/json') {
    answer(415, refuse('bad-request', 'Send application/json.'));
}
$content = file_get_contents('php://input', length: 1_000_001);
if (strlen($content) > 1_000_000) {
    answer(413, refuse('bad-request', 'The body is too long.'));
}
// A key that is missing is an error like any other here.
set_error_handler(fn ($level, $message) => throw new ErrorException($message));
try {
    $body = json_decode($content, false, 64, JSON_THROW_ON_ERROR);
    if ($body->version !== 1) {
        answer(400, refuse('unsupported-version', '"version" must be 1.'));
    }
    $responses = array_map('answerOne', $body->requests);
} catch (JsonException | ErrorException | TypeError) {
    answer(400, refuse('bad-request', 'The body is not a signer request.'));
}
answer(200, ['version' => 1, 'responses' => $responses]);
