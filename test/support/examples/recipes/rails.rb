# Serves the recipe for Rails, whose files are in the folder of the first argument. Prints its address.
require "logger"
require "rails"
require "action_controller/railtie"
require "active_record/railtie"
require "aws-sdk-s3"
require "webrick"

FOLDER = ARGV.fetch(0)
ENV["DATABASE_URL"] = "sqlite3:#{FOLDER}/database.sqlite"

class Recipe < Rails::Application
  config.root = FOLDER
  config.load_defaults 6.1
  config.eager_load = true
  config.secret_key_base = "0" * 64
  config.logger = Logger.new($stderr)
  # The page has routes of its own, which come first.
  routes.append { get "sign-in/:id", to: "sessions#create" }
end

ActiveRecord::Migration.verbose = false
Recipe.initialize!
ActiveRecord::Base.connection.create_table(:users)
2.times { User.create! }
Dir["#{FOLDER}/db/migrate/*.rb"].each { |file| require file }
CreatePapers.migrate(:up)

log = WEBrick::Log.new($stderr, WEBrick::Log::WARN)
server = WEBrick::HTTPServer.new(BindAddress: "127.0.0.1", Port: 0, AccessLog: [], Logger: log)
server.mount_proc("/") do |request, response|
  call = request.meta_vars.merge(method: request.request_method, input: request.body.to_s)
  status, headers, body = Recipe.call(Rack::MockRequest.env_for(request.request_uri.to_s, call))
  response.status = status
  headers.each { |name, value| response[name] = Array(value).join("\n") }
  response.body = +""
  body.each { |part| response.body << part }
  body.close if body.respond_to?(:close)
end
puts "http://127.0.0.1:#{server.listeners.first.addr[1]}"
$stdout.flush
trap("TERM") { server.shutdown }
server.start
