private import Foundation

StandardStreams.occupy()
let world = World.process()
let signals = Signals(world.interruption)
let words = Array(ProcessInfo.processInfo.arguments.dropFirst())
let work = Task { await Billing.run(words, in: world) }
signals.onFirst { work.cancel() }
exit(await work.value.rawValue)
